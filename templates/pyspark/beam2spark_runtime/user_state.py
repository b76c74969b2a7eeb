"""The state of a stage's functions, for the key and window at hand.

State is kept encoded, as a runner keeps it: what comes back is decoded anew. It lives as long as
its key; what doesn't fit the budget goes to a database file that nobody else can see
(`spilled_state.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from apache_beam.coders.coder_impl import CoderImpl, create_InputStream, create_OutputStream
from sortedcontainers import SortedDict

from .spilled_state import SpilledCell, StateFile

# A chunk ends at so many bytes, and counts with some of its own.
_CHUNK_BYTES = 1 << 20
CHUNK_OVERHEAD = 100

# The range of sort keys, its end excluded.
FIRST_SORT_KEY = -(1 << 63)
LAST_SORT_KEY = (1 << 63) - 1

# Kind, transform, name, window and key, the last two encoded.
CellId = tuple[str, str, str, bytes, bytes]


class Chunk(NamedTuple):
    """Encoded elements, one after the other."""

    count: int
    data: bytes


class Cell(Protocol):
    """One state cell: chunks in the order of their sort keys, then in that of their coming.

    All of a bag has one sort key; each element of an ordered list has its own.
    """

    def add(self, sort_key: int, chunk: Chunk) -> None:
        """Adds a chunk behind those of its sort key."""

    def read(self, start: int, end: int) -> Iterator[Chunk]:
        """The chunks from the sort key `start` to before `end`."""

    def clear(self, start: int, end: int) -> int:
        """Removes the chunks from `start` to before `end`; returns the memory that they took."""


class MemoryCell:
    """A cell in memory."""

    def __init__(self) -> None:
        self._chunks: SortedDict = SortedDict()
        self.size = 0

    def add(self, sort_key: int, chunk: Chunk) -> None:
        """Adds a chunk behind those of its sort key."""
        chunks = self._chunks.get(sort_key)
        if chunks is None:
            self._chunks[sort_key] = [chunk]
        else:
            chunks.append(chunk)
        self.size += _measure(chunk)

    def read(self, start: int, end: int) -> Iterator[Chunk]:
        """The chunks from the sort key `start` to before `end`, as they are now."""
        keys = self._chunks.irange(start, end, (True, False))
        return iter([chunk for key in keys for chunk in self._chunks[key]])

    def clear(self, start: int, end: int) -> int:
        """Removes the chunks from `start` to before `end`; returns the memory that they took."""
        freed = 0
        for key in list(self._chunks.irange(start, end, (True, False))):
            freed += sum(map(_measure, self._chunks.pop(key)))
        self.size -= freed
        return freed

    def items(self) -> Iterator[tuple[int, Chunk]]:
        """Every chunk with its sort key, in order."""
        for key, chunks in self._chunks.items():
            for chunk in chunks:
                yield key, chunk


class UserState:
    """The state cells of one key and window; `forget` makes way for the next.

    `memory_limit` says how many bytes of it stay in memory. `written` counts the bytes that have
    ever been added.
    """

    def __init__(self, memory_limit: int):
        self._memory_limit = memory_limit
        self._cells: dict[CellId, Cell] = {}
        self._size = 0
        self._file: StateFile | None = None
        self.written = 0

    def read_bag(self, cell_id: CellId, coder: CoderImpl) -> Iterator[Any]:
        """The elements of a bag, decoded as they are read."""
        return self.read_range(cell_id, FIRST_SORT_KEY, LAST_SORT_KEY, coder)

    def read_range(self, cell_id: CellId, start: int, end: int, coder: CoderImpl) -> Iterator[Any]:
        """The elements from the sort key `start` to before `end`, decoded as they are read."""
        cell = self._cells.get(cell_id)
        return iter(()) if cell is None else _decode(cell.read(start, end), coder)

    def extend_bag(self, cell_id: CellId, coder: CoderImpl, elements: Iterable[Any]) -> None:
        """Adds elements to a bag."""
        count = 0
        out = create_OutputStream()
        for element in elements:
            coder.encode_to_stream(element, out, True)
            count += 1
            if out.size() >= _CHUNK_BYTES:
                self._add(cell_id, 0, Chunk(count, out.get()))
                count = 0
                out = create_OutputStream()
        if count:
            self._add(cell_id, 0, Chunk(count, out.get()))

    def extend_list(
        self, cell_id: CellId, coder: CoderImpl, elements: Iterable[tuple[int, Any]]
    ) -> None:
        """Adds pairs of sort key and value to an ordered list."""
        for element in elements:
            out = create_OutputStream()
            coder.encode_to_stream(element, out, True)
            self._add(cell_id, element[0], Chunk(1, out.get()))

    def clear_bag(self, cell_id: CellId) -> None:
        """Empties a cell."""
        self.clear_range(cell_id, FIRST_SORT_KEY, LAST_SORT_KEY)

    def clear_range(self, cell_id: CellId, start: int, end: int) -> None:
        """Removes the elements from the sort key `start` to before `end`."""
        cell = self._cells.get(cell_id)
        if cell is not None:
            self._size -= cell.clear(start, end)

    def forget(self) -> None:
        """Drops all of it."""
        self._cells.clear()
        self._size = 0
        if self._file is not None:
            self._file.clear()

    def close(self) -> None:
        """Drops all of it, and the file."""
        self._cells.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _add(self, cell_id: CellId, sort_key: int, chunk: Chunk) -> None:
        cell = self._cells.get(cell_id)
        if cell is None:
            cell = self._cells[cell_id] = MemoryCell()
        cell.add(sort_key, chunk)
        self.written += len(chunk.data)
        if isinstance(cell, MemoryCell):
            self._size += _measure(chunk)
            if self._size > self._memory_limit:
                self._spill()

    def _spill(self) -> None:
        """Moves the largest cell in memory to the file, where it stays."""
        if self._file is None:
            self._file = StateFile()
        in_memory = [(i, c) for i, c in self._cells.items() if isinstance(c, MemoryCell)]
        cell_id, cell = max(in_memory, key=lambda item: item[1].size)
        spilled = SpilledCell(self._file, len(self._cells) - len(in_memory))
        spilled.add_all(cell.items())
        self._size -= cell.size
        self._cells[cell_id] = spilled


def _measure(chunk: Chunk) -> int:
    return len(chunk.data) + CHUNK_OVERHEAD


def _decode(chunks: Iterator[Chunk], coder: CoderImpl) -> Iterator[Any]:
    for count, data in chunks:
        stream = create_InputStream(data)
        for _ in range(count):
            yield coder.decode_from_stream(stream, True)
