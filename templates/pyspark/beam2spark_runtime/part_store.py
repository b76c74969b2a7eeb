"""Arrays of one type, kept in memory and beyond that in a file, to be read in any order."""

from __future__ import annotations

import os
import tempfile
from typing import IO

import pyarrow as pa

# So much stays in memory; what follows goes to a file.
MEMORY_BYTES = 32 << 20


class PartStore:
    """Keeps arrays in the order in which they come. Its file has no name, and goes with it."""

    def __init__(self, kind: pa.DataType):
        self._schema = pa.schema([("value", kind)])
        self._memory: list[pa.Array] = []
        self._memory_size = 0
        self._places: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def __len__(self) -> int:
        return len(self._memory) + len(self._places)

    def keep(self, part: pa.Array) -> None:
        """Takes one more array."""
        size = part.nbytes
        self.size += size
        if self._file is None and self._memory_size < MEMORY_BYTES:
            self._memory.append(part)
            self._memory_size += size
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="beam2spark-group-")  # noqa: SIM115
        message = pa.record_batch([part], schema=self._schema).serialize()
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(message)
        self._file.flush()
        self._places.append((start, message.size))

    def read(self, position: int) -> pa.Array:
        """The array of this number."""
        if position < len(self._memory):
            return self._memory[position]
        assert self._file is not None
        offset, length = self._places[position - len(self._memory)]
        buffer = pa.py_buffer(os.pread(self._file.fileno(), length, offset))
        return pa.ipc.read_record_batch(buffer, self._schema).column(0)
