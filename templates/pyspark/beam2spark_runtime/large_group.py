"""The values of a group that is too large to hold: read as it comes in, spilled, and read again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa
from apache_beam.coders.coder_impl import FastPrimitivesCoderImpl
from apache_beam.coders.observable import ObservableMixin

from .columns import Column
from .errors import RuntimeFailure

# So much of a group stays in memory; what follows goes to a file.
MEMORY_BYTES = 32 << 20


class StoreGuard:
    """Knows whether a sink is storing a value whole, and how large a group may then be."""

    def __init__(self, limit: int):
        self.limit = limit
        self._transform: str | None = None

    @contextmanager
    def storing(self, transform: str) -> Iterator[None]:
        """While a value of this transform's output is being encoded or put into a list."""
        self._transform = transform
        try:
            yield
        finally:
            self._transform = None

    def check(self, size: int) -> None:
        """Refuses a group of more than the limit, if it is being stored."""
        if self._transform is not None and size > self.limit:
            raise RuntimeFailure(
                "runtime/group-too-large",
                f"the values of one key take more than {self.limit >> 20} MiB and have to be "
                "stored as one value",
                transform=self._transform,
                hint="use the values where they are grouped (or combine them) instead of emitting "
                "the whole group; or raise spark.beam2spark.maxStoredGroupBytes",
            )


class LargeGroup(ObservableMixin):
    """An iterable of a group's values that can be read any number of times.

    `pull` gives the next array of values while there are any. Readers share what has been pulled:
    the first parts in memory, the rest in a temporary file without a name. Being observable keeps
    Beam's size sampling from reading the whole group.
    """

    def __init__(
        self,
        parts: list[pa.Array],
        pull: Callable[[], pa.Array | None],
        column: Column,
        guard: StoreGuard,
    ):
        super().__init__()
        self._column = column
        self._pull = pull
        self._guard = guard
        self._memory: list[pa.Array] = []
        self._memory_size = 0
        self._places: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self._schema = pa.schema([("value", column.arrow_type)])
        for part in parts:
            self._keep(part)

    def __iter__(self) -> Iterator[Any]:
        position = 0
        size = 0
        while (part := self._part(position)) is not None:
            position += 1
            size += part.nbytes
            self._guard.check(size)
            yield from self._column.read(part)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)

    def drain(self) -> None:
        """Pulls the rest of the group, for a reader that keeps it beyond its element."""
        while (part := self._pull()) is not None:
            self._keep(part)

    def _part(self, position: int) -> pa.Array | None:
        if position < len(self._memory):
            return self._memory[position]
        position -= len(self._memory)
        if position < len(self._places):
            assert self._file is not None
            offset, length = self._places[position]
            buffer = pa.py_buffer(os.pread(self._file.fileno(), length, offset))
            return pa.ipc.read_record_batch(buffer, self._schema).column(0)
        part = self._pull()
        if part is not None:
            self._keep(part)
        return part

    def _keep(self, part: pa.Array) -> None:
        if self._file is None and self._memory_size < MEMORY_BYTES:
            self._memory.append(part)
            self._memory_size += part.nbytes
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="beam2spark-group-")  # noqa: SIM115
        message = pa.record_batch([part], schema=self._schema).serialize()
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(message)
        self._file.flush()
        self._places.append((start, message.size))


FastPrimitivesCoderImpl.register_iterable_like_type(LargeGroup)
