"""A small side input: collected once by the driver, read by the workers as Arrow, served by window
and key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl

from .columns import Column
from .layouts import Layout
from .side_input_windows import encode_windows
from .windows import GLOBAL_WINDOWS

_STEP_ROWS = 10_000


class SideInput:
    """The elements of one side input of a stage.

    `columns` are its value's columns (key and value for a KV), `window_coder` and `key_coder` make
    the bytes that Beam asks by (`key_coder` is None where it isn't a KV). Rows stay Arrow and
    become Python values as they are read, in a stable order, so that iterating needs no memory for
    the whole.
    """

    def __init__(
        self,
        table: pa.Table,
        layout: Layout,
        columns: list[Column],
        window_coder: CoderImpl,
        key_coder: CoderImpl | None,
    ):
        self._batch = as_batch(table)
        self._layout = layout
        names = ["key", "value"] if layout.is_keyed else ["value"]
        self._columns = dict(zip(names, columns, strict=True))
        self._window_coder = window_coder
        self._key_coder = key_coder
        self._rows_by_window = self._index_windows()
        self._rows_by_key: dict[bytes, dict[bytes, list[int]]] = {}

    def read(self, window: bytes) -> Iterator[Any]:
        """The elements of a window, given by its encoded bytes. None is legal."""
        rows = self._rows_by_window.get(window)
        if rows is None:
            return iter(())
        return self._read_rows(list(self._columns), rows)

    def look_up(self, window: bytes, key: bytes) -> Iterator[Any]:
        """The values of a key of a window, both given by their encoded bytes."""
        if window not in self._rows_by_key:
            self._rows_by_key[window] = self._index_keys(window)
        rows = self._rows_by_key[window].get(key)
        if rows is None:
            return iter(())
        return self._read_rows(["value"], np.asarray(rows))

    def keys(self, window: bytes) -> Iterator[bytes]:
        """The distinct encoded keys of a window, in the order of their first rows."""
        if window not in self._rows_by_key:
            self._rows_by_key[window] = self._index_keys(window)
        return iter(self._rows_by_key[window])

    def _read_rows(self, names: list[str], rows: np.ndarray) -> Iterator[Any]:
        for start in range(0, len(rows), _STEP_ROWS):
            step = self._batch.take(pa.array(rows[start : start + _STEP_ROWS]))
            parts = [self._columns[name].read(step.column(name)) for name in names]
            yield from parts[0] if len(parts) == 1 else zip(*parts, strict=True)

    def _index_windows(self) -> dict[bytes, np.ndarray]:
        if self._layout.window == "global":
            window = self._window_coder.encode(GLOBAL_WINDOWS[0])
            return {window: np.arange(self._batch.num_rows)}
        rows: defaultdict[bytes, list[int]] = defaultdict(list)
        windows = encode_windows(self._batch, self._layout, self._window_coder)
        for row, window in enumerate(windows):
            rows[window].append(row)
        return {window: np.asarray(members) for window, members in rows.items()}

    def _index_keys(self, window: bytes) -> dict[bytes, list[int]]:
        assert self._key_coder is not None
        encode = self._key_coder.encode_nested
        rows = self._rows_by_window.get(window, np.arange(0))
        index: defaultdict[bytes, list[int]] = defaultdict(list)
        keys = self._read_rows(["key"], rows) if len(rows) else iter(())
        for row, key in zip(rows.tolist(), keys, strict=True):
            index[encode(key)].append(row)
        return dict(index)


def as_batch(table: pa.Table) -> pa.RecordBatch:
    """A table's rows as one batch."""
    batches = table.combine_chunks().to_batches()
    if len(batches) == 1:
        return batches[0]
    arrays = [pa.array([], field.type) for field in table.schema]
    return pa.record_batch(arrays, schema=table.schema)
