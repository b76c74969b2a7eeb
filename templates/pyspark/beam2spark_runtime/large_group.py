"""The values of a group that is too large to hold: read as it comes in, spilled, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import pyarrow as pa
from apache_beam.coders.coder_impl import FastPrimitivesCoderImpl
from apache_beam.coders.observable import ObservableMixin

from .columns import Column
from .errors import RuntimeFailure
from .part_store import PartStore


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


class Parts(Protocol):
    """Arrays of a group's values, which can be read any number of times."""

    def read(self, position: int) -> pa.Array | None:
        """The array of this number, None after the last."""


class PulledParts:
    """Arrays that come in as they are asked for; `pull` gives the next one while there are any.

    Readers share what has been pulled.
    """

    def __init__(self, store: PartStore, pull: Callable[[], pa.Array | None]):
        self._store = store
        self._pull = pull

    def read(self, position: int) -> pa.Array | None:
        """The array of this number, None after the last."""
        if position < len(self._store):
            return self._store.read(position)
        part = self._pull()
        if part is not None:
            self._store.keep(part)
        return part

    def drain(self) -> None:
        """Pulls what is left, for a reader that keeps the group beyond its element."""
        while (part := self._pull()) is not None:
            self._store.keep(part)


# An array's number in a store, and a slice of it: its offset and length.
Piece = tuple[int, int, int]


class StoredParts:
    """Slices of arrays that are all stored already, in the order of `pieces`."""

    def __init__(self, store: PartStore, pieces: Sequence[Piece]):
        self._store = store
        self._pieces = pieces
        # Neighbouring pieces are mostly of one array, which may be in a file.
        self._last: tuple[int, pa.Array] | None = None

    def read(self, position: int) -> pa.Array | None:
        """The slice of this number, None after the last."""
        if position >= len(self._pieces):
            return None
        number, offset, length = self._pieces[position]
        if self._last is None or self._last[0] != number:
            self._last = number, self._store.read(number)
        return self._last[1].slice(offset, length)


class LargeGroup(ObservableMixin):
    """An iterable of a group's values that can be read any number of times.

    Being observable keeps Beam's size sampling from reading the whole group.
    """

    def __init__(self, parts: Parts, column: Column, guard: StoreGuard):
        super().__init__()
        self._parts = parts
        self._column = column
        self._guard = guard

    def __iter__(self) -> Iterator[Any]:
        position = 0
        size = 0
        while (part := self._parts.read(position)) is not None:
            position += 1
            size += part.nbytes
            self._guard.check(size)
            yield from self._column.iterate(part)

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


FastPrimitivesCoderImpl.register_iterable_like_type(LargeGroup)
