"""Grouped input in windows that a user's function merges.

Rows of one key lie next to each other, and within a key those of one window. All windows of a key
have to be known before the function can say which of them merge; the values wait meanwhile, in a
file where they are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.transforms.window import BoundedWindow, WindowFn
from apache_beam.utils.windowed_value import WindowedValue

from .errors import RuntimeFailure, fail_user_function
from .event_times import Receiver, find_changes
from .group_elements import GroupElements
from .groups import STREAMED_BYTES, differ
from .large_group import Piece, StoredParts
from .part_store import PartStore


@dataclass
class _WindowRows:
    """Where the values of one window are, and the timestamp that they make."""

    pieces: list[Piece] = field(default_factory=list)
    millis: int | None = None


@dataclass
class _OpenKey:
    """The key of the last rows seen: more of it may follow. `head` is its first row."""

    head: pa.RecordBatch
    store: PartStore
    windows: dict[BoundedWindow, _WindowRows] = field(default_factory=dict)


class MergeRecorder(WindowFn.MergeContext):
    """Takes down what a window function merges: `merged` has what went into each result."""

    def __init__(self, windows: Iterable[BoundedWindow]):
        super().__init__(windows)
        self.merged: dict[BoundedWindow, list[BoundedWindow]] = {w: [w] for w in self.windows}

    def merge(self, to_be_merged: Iterable[BoundedWindow], merge_result: BoundedWindow) -> None:
        """Merges windows, or results of earlier merges, into one. As in Beam, a window that isn't
        there, or has been merged away, is the function's mistake.
        """
        members: list[BoundedWindow] = []
        for window in to_be_merged:
            if window not in self.merged:
                raise KeyError(f"{window} is no window of the key, or is merged already")
            members += self.merged.pop(window)
        self.merged.setdefault(merge_result, []).extend(members)


class MergingReader:
    """Delivers the merged windows of clustered rows, key by key."""

    def __init__(
        self,
        elements: GroupElements,
        batches: Iterator[pa.RecordBatch],
        check: Callable[[], None],
        window_fn: WindowFn,
    ):
        self._elements = elements
        self._batches = batches
        self._check = check
        self._window_fn = window_fn
        self._columns = elements.times.windows.names
        self._open: _OpenKey | None = None
        self.is_exhausted = False

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers groups until about `limit` bytes have been read; returns how many."""
        count = 0
        size = 0
        while size < limit:
            self._check()
            batch = next(self._batches, None)
            if batch is None:
                count += self._close(receiver)
                self.is_exhausted = True
                break
            if batch.num_rows:
                size += batch.nbytes
                count += self._read(batch, receiver)
        return count

    def _read(self, batch: pa.RecordBatch, receiver: Receiver) -> int:
        count = 0
        keys = find_changes([batch.column("key")], batch.num_rows)
        arrays = [batch.column(name) for name in self._columns]
        changes = keys | find_changes(arrays, batch.num_rows)
        runs = [0, *(np.flatnonzero(changes) + 1).tolist()]
        times: list[int] | None = None
        if self._elements.has_own_times:
            times = self._elements.reduce_millis(batch, runs)
        ends = iter([*runs[1:], batch.num_rows])
        run = 0
        bounds = [0, *(np.flatnonzero(keys) + 1).tolist(), batch.num_rows]
        for start, end in zip(bounds, bounds[1:], strict=False):
            opened = self._open
            if opened is None or start or differ(opened.head, batch, ["key"]):
                count += self._close(receiver)
                store = PartStore(self._elements.value_type)
                opened = self._open = _OpenKey(batch.slice(start, 1), store)
            number = len(opened.store)
            opened.store.keep(batch.column("value").slice(start, end - start))
            while run < len(runs) and runs[run] < end:
                first = runs[run]
                (window,) = self._elements.times.windows.read(batch, first)
                kept = opened.windows.setdefault(window, _WindowRows())
                kept.pieces.append((number, first - start, next(ends) - first))
                if times is not None:
                    self._choose_time(kept, times[run])
                run += 1
        return count

    def _choose_time(self, rows: _WindowRows, millis: int | None) -> None:
        if rows.millis is None or millis is None:
            rows.millis = millis
        else:
            rows.millis = self._elements.choose_millis(rows.millis, millis)

    def _close(self, receiver: Receiver) -> int:
        """Merges the windows of the open key, of which no more rows come, and delivers them."""
        if self._open is None:
            return 0
        opened, self._open = self._open, None
        key = self._elements.read_key(opened.head)
        merged = self._merge(opened)
        for window, originals in merged.items():
            kept = _WindowRows()
            for original in originals:
                rows = opened.windows[original]
                kept.pieces += rows.pieces
                self._choose_time(kept, rows.millis)
            template = self._create_template(window, kept.millis)
            receiver.receive(template.with_value((key, self._read_values(opened.store, kept))))
        return len(merged)

    def _merge(self, opened: _OpenKey) -> dict[BoundedWindow, list[BoundedWindow]]:
        context = MergeRecorder(opened.windows)
        try:
            self._window_fn.merge(context)
        except Exception as error:
            raise fail_user_function(error, self._elements.grouping.name) from error
        return {window: members for window, members in context.merged.items() if members}

    def _create_template(self, window: BoundedWindow, millis: int | None) -> WindowedValue:
        """A group without its values, in a window that the user's function has made."""
        try:
            windows = self._elements.times.windows.restore(window)
            return self._elements.template(windows, millis)
        except Exception as error:
            raise RuntimeFailure(
                "runtime/value-not-encodable",
                f"{window!r} is no window that the coder of the window function takes: {error}",
                transform=self._elements.grouping.name,
                hint="see what the window function's merge gives as its result",
            ) from error

    def _read_values(self, store: PartStore, rows: _WindowRows) -> Any:
        stored = StoredParts(store, rows.pieces)
        parts: list[pa.Array] = []
        size = 0
        while (part := stored.read(len(parts))) is not None:
            parts.append(part)
            size += part.nbytes
            if size > STREAMED_BYTES:
                return self._elements.large_group(stored)
        return self._elements.read_values(parts)
