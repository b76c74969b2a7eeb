"""A file of side input rows that is read a block at a time.

Blocks are Arrow record batches, each of rows of one window. Behind them lies the footer, a table of
the blocks (where each lies, its window, the lowest and highest hash of its keys), and then the
footer's length and the magic bytes. Rows are sorted by window and hash, so that the footer alone
says which blocks can hold a key: a look-up is a binary search in memory and one small read.
"""

from __future__ import annotations

import os
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa

MAGIC = b"b2sside2"
BLOCK_BYTES = 32 << 10

_TAIL = struct.Struct("<q8s")
_FOOTER = pa.schema(
    [
        ("offset", pa.int64()),
        ("size", pa.int64()),
        ("window", pa.binary()),
        ("first", pa.int64()),
        ("last", pa.int64()),
    ]
)
_SCHEMA_KEY = b"beam2spark:schema"


class SideInputFileWriter:
    """Writes rows, which come sorted, to a file that is open for writing."""

    def __init__(self, file: BinaryIO, schema: pa.Schema):
        self._file = file
        self._schema = schema
        self._blocks: list[tuple[int, int, bytes, int, int]] = []
        self._size = 0

    def write(self, rows: pa.RecordBatch, window: bytes, hashes: np.ndarray | None) -> None:
        """Writes rows of one window. `hashes` are those of their keys, None without look-ups."""
        steps = max(1, rows.nbytes // BLOCK_BYTES)
        length = max(1, -(-rows.num_rows // steps))
        for start in range(0, rows.num_rows, length):
            block = rows.slice(start, length).serialize()
            end = min(start + length, rows.num_rows)
            span = (0, 0) if hashes is None else (int(hashes[start]), int(hashes[end - 1]))
            self._blocks.append((self._size, block.size, window, *span))
            self._file.write(block)
            self._size += block.size

    def finish(self) -> int:
        """Writes the footer; returns the file's size. The file is the caller's to close."""
        columns = zip(*self._blocks, strict=True) if self._blocks else [[] for _ in _FOOTER]
        arrays = [
            pa.array(list(values), field.type)
            for values, field in zip(columns, _FOOTER, strict=True)
        ]
        schema = _FOOTER.with_metadata({_SCHEMA_KEY: b64encode(self._schema.serialize())})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, schema) as writer:
            writer.write_batch(pa.record_batch(arrays, schema=schema))
        footer = sink.getvalue()
        self._file.write(footer)
        self._file.write(_TAIL.pack(footer.size, MAGIC))
        return self._size + footer.size + _TAIL.size


class SideInputFile:
    """Reads such a file at a local path. Its footer is kept, its rows aren't."""

    def __init__(self, path: str):
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 - open as long as it is read
        footer = self._read_footer()
        metadata = footer.schema.metadata or {}
        self._schema = pa.ipc.read_schema(pa.py_buffer(b64decode(metadata[_SCHEMA_KEY])))
        self._offsets = footer.column("offset").to_numpy()
        self._sizes = footer.column("size").to_numpy()
        self._firsts = footer.column("first").to_numpy()
        self._lasts = footer.column("last").to_numpy()
        self._windows = _find_spans(footer.column("window").to_pylist())

    def blocks(self, window: bytes) -> Iterator[pa.RecordBatch]:
        """The rows of a window, block by block."""
        for block in range(*self._windows.get(window, (0, 0))):
            yield self._read_block(block)

    def blocks_with(self, window: bytes, key_hash: int) -> Iterator[pa.RecordBatch]:
        """The blocks of a window that may hold keys of this hash."""
        start, end = self._windows.get(window, (0, 0))
        block = start + int(np.searchsorted(self._lasts[start:end], key_hash))
        while block < end and self._firsts[block] <= key_hash:
            yield self._read_block(block)
            block += 1

    def close(self) -> None:
        """Closes the file. Nothing may be read any more."""
        self._file.close()

    def _read_block(self, block: int) -> pa.RecordBatch:
        data = self._read(int(self._sizes[block]), int(self._offsets[block]))
        return pa.ipc.read_record_batch(pa.py_buffer(data), self._schema)

    def _read_footer(self) -> pa.RecordBatch:
        end = os.fstat(self._file.fileno()).st_size - _TAIL.size
        size, magic = _TAIL.unpack(self._read(_TAIL.size, end))
        if magic != MAGIC:
            raise OSError(f"{self._file.name} is not a whole file of a side input")
        return pa.ipc.open_stream(self._read(size, end - size)).read_next_batch()

    def _read(self, size: int, offset: int) -> bytes:
        data = os.pread(self._file.fileno(), size, offset)
        while len(data) < size:
            more = os.pread(self._file.fileno(), size - len(data), offset + len(data))
            if not more:
                raise OSError(f"{self._file.name} ends before its rows do")
            data += more
        return data


def _find_spans(windows: list[bytes]) -> dict[bytes, tuple[int, int]]:
    """The blocks of each window, as the first of them and the one behind the last."""
    spans: dict[bytes, tuple[int, int]] = {}
    for block, window in enumerate(windows):
        spans[window] = (spans[window][0] if window in spans else block, block + 1)
    return spans
