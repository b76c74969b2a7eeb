"""Grouped input: clustered rows become `(key, values)` elements, however large a group is.

Rows of one key and window lie next to each other. Groups that end within the rows at hand are found
with array comparisons and get plain lists. A group that goes on for long is handed over while its
rows are still coming in (`large_group.py`).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.utils.windowed_value import WindowedValue

from .event_times import Receiver, find_changes
from .group_elements import GroupElements
from .large_group import PulledParts
from .part_store import PartStore

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

    `batches` gives the rows; `check` raises when nobody wants the results any more. Where a group
    has the timestamp of one of its rows, that row is the first.
    """

    def __init__(
        self,
        elements: GroupElements,
        batches: Iterator[pa.RecordBatch],
        check: Callable[[], None],
    ):
        self._elements = elements
        self._batches = batches
        self._check = check
        self._group_columns = ["key", *elements.times.windows.names]
        self._same_template = None
        if len(self._group_columns) == 1 and not elements.has_own_times:
            self._same_template = elements.template(elements.times.no_windows)
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
        return not differ(group.head, batch, self._group_columns)

    def _deliver(self, batch: pa.RecordBatch, bounds: list[int], receiver: Receiver) -> int:
        """Delivers the groups that lie between the bounds."""
        templates: Any = self._same_template
        if templates is None:
            templates = self._create_templates(batch, bounds[:-1])
        return self._elements.deliver(batch, bounds, templates, receiver)

    def _close(self, receiver: Receiver) -> int:
        """Delivers the open group, of which no more rows come."""
        if self._open is None:
            return 0
        group, self._open = self._open, None
        values = self._elements.read_values(group.parts)
        key = self._elements.read_key(group.head)
        (template,) = self._create_templates(group.head, [0])
        receiver.receive(template.with_value((key, values)))
        return 1

    def _stream(self, receiver: Receiver) -> None:
        """Delivers the open group while its rows come in, then passes over what nobody has read."""
        assert self._open is not None
        opened, self._open = self._open, None
        key = self._elements.read_key(opened.head)
        (template,) = self._create_templates(opened.head, [0])
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

        store = PartStore(self._elements.value_type)
        for part in opened.parts:
            store.keep(part)
        opened.parts = []
        parts = PulledParts(store, pull)
        group = self._elements.large_group(parts)
        reference = weakref.ref(group)
        element = template.with_value((key, group))
        del group, store
        receiver.receive(element)
        del element
        if reference() is not None:
            parts.drain()
        del parts
        while pull() is not None:
            pass

    def _create_templates(self, batch: pa.RecordBatch, rows: list[int]) -> Iterator[WindowedValue]:
        """What the groups that begin at these rows are, but for their values."""
        times = self._elements.times
        millis: Any = repeat(None)
        if self._elements.has_own_times and rows:
            millis = times.read_millis(batch)[rows].tolist()
        for row, time in zip(rows, millis, strict=False):
            yield self._elements.template(times.windows.read(batch, row), time)


def differ(left: pa.RecordBatch, right: pa.RecordBatch, columns: list[str]) -> bool:
    """Whether the first rows of two batches differ in any of the columns, compared as bytes."""
    for name in columns:
        pair = pa.concat_arrays([left.column(name).slice(0, 1), right.column(name).slice(0, 1)])
        if find_changes([pair], 2)[0]:
            return True
    return False
