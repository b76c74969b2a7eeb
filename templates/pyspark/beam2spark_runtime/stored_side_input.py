"""A side input that lies in files: served by window and key without holding its rows."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from .columns import Column
from .errors import RuntimeFailure
from .key_hash import hash_key
from .layouts import Layout
from .shared_files import make_readable
from .side_input_file import SideInputFile
from .stored_rows import StoredRows

_OPEN_FILES = 128


class StoredSideInput:
    """The elements of one side input of a stage, read from where `rows` says.

    `columns` are its value's columns (key and value for a KV). At most a block of rows is held for
    each iterator, and the order is that of the files, so it is always the same.
    """

    def __init__(self, rows: StoredRows, layout: Layout, columns: list[Column]):
        self._rows = rows
        names = ["key", "value"] if layout.is_keyed else ["value"]
        self._columns = dict(zip(names, columns, strict=True))
        self._files: OrderedDict[str, SideInputFile] = OrderedDict()

    def read(self, window: bytes) -> Iterator[Any]:
        """The elements of a window, given by its encoded bytes. None is legal."""
        for path in self._rows.paths:
            for block in self._open(path).blocks(window):
                parts = [column.read(block.column(name)) for name, column in self._columns.items()]
                yield from parts[0] if len(parts) == 1 else zip(*parts, strict=True)

    def look_up(self, window: bytes, key: bytes) -> Iterator[Any]:
        """The values of a key of a window, both given by their encoded bytes."""
        wanted = hash_key(window, key)
        path = self._find_buckets().get(wanted % self._rows.bucket_count)
        if path is None:
            return
        column = self._columns["value"]
        for block in self._open(path).blocks_with(window, wanted):
            hashes = block.column("hash").to_numpy()
            start = int(np.searchsorted(hashes, wanted))
            end = int(np.searchsorted(hashes, wanted, "right"))
            yield from column.read(_select_key(block.slice(start, end - start), key))

    def keys(self, window: bytes) -> Iterator[bytes]:
        """The distinct encoded keys of a window. Equal ones lie side by side in one file."""
        for path in self._find_buckets().values():
            before: bytes | None = None
            for block in self._open(path).blocks(window):
                for key in block.column("key_bytes").to_pylist():
                    if key != before:
                        yield key
                    before = key

    def _find_buckets(self) -> dict[int, str]:
        if self._rows.buckets is None:
            raise RuntimeFailure(
                "runtime/state-unsupported", "a side input that is only read whole was asked by key"
            )
        return self._rows.buckets

    def _open(self, path: str) -> SideInputFile:
        file = self._files.pop(path, None) or SideInputFile(make_readable(path))
        self._files[path] = file
        if len(self._files) > _OPEN_FILES:
            # Whoever iterates over it still has it; it is closed when nobody does.
            self._files.popitem(last=False)
        return file


def _select_key(rows: pa.RecordBatch, key: bytes) -> pa.Array:
    """The values of the rows with this very key: a hash may be that of several."""
    keys = rows.column("key_bytes").to_pylist()
    if all(other == key for other in keys):
        return rows.column("value")
    matching = [row for row, other in enumerate(keys) if other == key]
    return rows.column("value").take(pa.array(matching, pa.int64()))
