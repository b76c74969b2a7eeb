"""Grouped input: clustered rows become `(key, values)` elements, however large a group is.

Rows of one key and window lie next to each other. Groups that end within the rows at hand are found
with array comparisons and get plain lists. A group that goes on for long is handed over while its
rows are still coming in (`large_group.py`).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.utils import windowed_value

from .columns import Column
from .event_times import (
    ONLY_FIRING,
    WINDOW_FIRING,
    EventTimeReader,
    Receiver,
    end_of_window,
    find_changes,
)
from .large_group import LargeGroup, StoreGuard
from .layouts import Layout

# A group of more bytes than this, in more than one batch, is streamed.
STREAMED_BYTES = 8 << 20


@dataclass
class _OpenGroup:
    """The last group of the rows seen so far: more of it may follow. `head` is its first row."""

    head: pa.RecordBatch
    parts: list[pa.Array]
    size: int


class GroupReader:
    """Delivers the groups of clustered rows.

    `batches` gives the rows; `key` and `value` are the columns of the ungrouped KV; `check` raises
    when nobody wants the results any more.
    """

    def __init__(
        self,
        layout: Layout,
        key: Column,
        value: Column,
        batches: Iterator[pa.RecordBatch],
        guard: StoreGuard,
        check: Callable[[], None],
    ):
        self._key = key
        self._value = value
        self._batches = batches
        self._guard = guard
        self._check = check
        self._times = EventTimeReader(layout)
        windows = ["window_start", "window_end"] if layout.window == "interval" else []
        self._group_columns = ["key", *windows]
        self._pane = WINDOW_FIRING if windows else ONLY_FIRING
        self._pushed_back: pa.RecordBatch | None = None
        self._open: _OpenGroup | None = None
        self.is_exhausted = False

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers groups until about `limit` bytes have been read; returns how many groups."""
        count = 0
        size = 0
        while size < limit:
            batch = self._advance()
            if batch is None:
                count += self._close(receiver)
                self.is_exhausted = True
                break
            size += batch.nbytes
            bounds = self._find_bounds(batch)
            values = batch.column("value")
            if self._open is not None and self._continues(self._open, batch):
                self._open.parts.append(values.slice(0, bounds[1]))
                self._open.size += self._open.parts[-1].nbytes
                bounds = bounds[1:]
                if len(bounds) == 1:
                    if self._open.size > STREAMED_BYTES:
                        self._stream(receiver)
                        count += 1
                    continue
            count += self._close(receiver)
            count += self._deliver(batch, bounds[:-1], receiver)
            last = values.slice(bounds[-2])
            self._open = _OpenGroup(batch.slice(bounds[-2], 1), [last], last.nbytes)
        return count

    def _advance(self) -> pa.RecordBatch | None:
        self._check()
        if self._pushed_back is not None:
            batch, self._pushed_back = self._pushed_back, None
            return batch
        for batch in self._batches:
            if batch.num_rows:
                return batch
        return None

    def _find_bounds(self, batch: pa.RecordBatch) -> list[int]:
        arrays = [batch.column(name) for name in self._group_columns]
        changes = np.flatnonzero(find_changes(arrays, batch.num_rows)) + 1
        return [0, *changes.tolist(), batch.num_rows]

    def _continues(self, group: _OpenGroup, batch: pa.RecordBatch) -> bool:
        for name in self._group_columns:
            pair = pa.concat_arrays([group.head.column(name), batch.column(name).slice(0, 1)])
            if find_changes([pair], 2)[0]:
                return False
        return True

    def _deliver(self, batch: pa.RecordBatch, bounds: list[int], receiver: Receiver) -> int:
        """Delivers the groups that lie between the bounds."""
        if len(bounds) < 2:
            return 0
        values = self._value.read(batch.column("value").slice(bounds[0], bounds[-1] - bounds[0]))
        keys = self._key.read(batch.column("key").take(pa.array(bounds[:-1])))
        first = bounds[0]
        lists = [values[a - first : b - first] for a, b in zip(bounds, bounds[1:], strict=False)]
        if len(self._group_columns) == 1:
            template = self._template(batch, 0)
            receiver.receive_values(list(zip(keys, lists, strict=True)), template)
        else:
            for row, key, group in zip(bounds, keys, lists, strict=False):
                receiver.receive(self._template(batch, row).with_value((key, group)))
        return len(lists)

    def _close(self, receiver: Receiver) -> int:
        """Delivers the open group, of which no more rows come."""
        if self._open is None:
            return 0
        group, self._open = self._open, None
        values: list[Any] = []
        for part in group.parts:
            values += self._value.read(part)
        key = self._key.read(group.head.column("key"))[0]
        receiver.receive(self._template(group.head, 0).with_value((key, values)))
        return 1

    def _stream(self, receiver: Receiver) -> None:
        """Delivers the open group while its rows come in, then passes over what nobody has read."""
        assert self._open is not None
        opened, self._open = self._open, None
        key = self._key.read(opened.head.column("key"))[0]
        template = self._template(opened.head, 0)
        ended = False

        def pull() -> pa.Array | None:
            nonlocal ended
            if ended:
                return None
            batch = self._advance()
            if batch is None or not self._continues(opened, batch):
                self._pushed_back = batch
                ended = True
                return None
            end = self._find_bounds(batch)[1]
            if end < batch.num_rows:
                self._pushed_back = batch.slice(end)
                ended = True
            return batch.column("value").slice(0, end)

        group = LargeGroup(opened.parts, pull, self._value, self._guard)
        opened.parts = []
        reference = weakref.ref(group)
        element = template.with_value((key, group))
        del group
        receiver.receive(element)
        del element
        held = reference()
        if held is not None:
            held.drain()
        while pull() is not None:
            pass

    def _template(self, batch: pa.RecordBatch, row: int) -> Any:
        windows = self._times.find_windows(batch, row)
        return windowed_value.create(None, end_of_window(windows), windows, self._pane)
