"""Grouped input in sessions: windows of one key that overlap become one.

Rows of one key lie next to each other, in the order of their windows' starts, so that a session
ends where the next start lies beyond every end so far. Only the last session of the rows at hand is
kept, in a file where it is large; it is handed over when its end is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from apache_beam.utils.windowed_value import WindowedValue

from .event_times import Receiver, find_changes
from .group_elements import GroupElements
from .groups import STREAMED_BYTES, differ
from .large_group import StoredParts
from .part_store import PartStore
from .windows import IntervalColumns

# A window of one row, and the session that it is the last of: starts and ends in milliseconds.
Span = tuple[int, int]


@dataclass
class _Session:
    """A session as far as its rows have come; `last` is the window of the last of them."""

    start: int
    end: int
    last: Span
    millis: int | None = None

    def takes(self, span: Span) -> bool:
        """Whether the next window of the key belongs to it. Equal windows always do."""
        return span[0] < self.end or span == self.last


@dataclass
class _OpenSession:
    """The last session of the rows seen so far: more of it may follow. `head` is its first row."""

    head: pa.RecordBatch
    session: _Session
    store: PartStore
    lengths: list[int] = field(default_factory=list)

    def keep(self, values: pa.Array) -> None:
        """Takes more of its values."""
        self.store.keep(values)
        self.lengths.append(len(values))


class SessionReader:
    """Delivers the sessions of clustered rows."""

    def __init__(
        self,
        elements: GroupElements,
        batches: Iterator[pa.RecordBatch],
        check: Callable[[], None],
    ):
        windows = elements.times.windows
        assert isinstance(windows, IntervalColumns)
        self._elements = elements
        self._windows = windows
        self._batches = batches
        self._check = check
        self._open: _OpenSession | None = None
        self.is_exhausted = False

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers sessions until about `limit` bytes have been read; returns how many."""
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
        values = batch.column("value")
        continued = self._open
        if continued is not None and differ(continued.head, batch, ["key"]):
            continued = None
        begun, starts = self._find_sessions(batch, continued)
        first = starts[0] if starts else batch.num_rows
        if self._elements.has_own_times:
            self._choose_times(batch, continued, begun, starts)
        if continued is not None and first:
            continued.keep(values.slice(0, first))
        if not starts:
            return 0
        count = self._close(receiver)
        templates: Iterator[WindowedValue] = map(self._create_template, begun[:-1])
        count += self._elements.deliver(batch, starts, templates, receiver)
        store = PartStore(self._elements.value_type)
        self._open = _OpenSession(batch.slice(starts[-1], 1), begun[-1], store)
        self._open.keep(values.slice(starts[-1]))
        return count

    def _find_sessions(
        self, batch: pa.RecordBatch, continued: _OpenSession | None
    ) -> tuple[list[_Session], list[int]]:
        """The sessions that begin in a batch, and at which rows."""
        keys = find_changes([batch.column("key")], batch.num_rows).tolist()
        spans = zip(
            batch.column("window_start").to_pylist(),
            batch.column("window_end").to_pylist(),
            strict=True,
        )
        session = None if continued is None else continued.session
        begun: list[_Session] = []
        starts: list[int] = []
        for row, (span, new_key) in enumerate(zip(spans, [False, *keys], strict=True)):
            if session is None or new_key or not session.takes(span):
                session = _Session(*span, span)
                begun.append(session)
                starts.append(row)
            else:
                session.last = span
                if span[1] > session.end:
                    session.end = span[1]
        return begun, starts

    def _choose_times(
        self,
        batch: pa.RecordBatch,
        continued: _OpenSession | None,
        begun: list[_Session],
        starts: list[int],
    ) -> None:
        sessions = [*begun]
        rows = [*starts]
        if continued is not None and (not starts or starts[0] > 0):
            sessions.insert(0, continued.session)
            rows.insert(0, 0)
        for session, millis in zip(
            sessions, self._elements.reduce_millis(batch, rows), strict=True
        ):
            if session.millis is None:
                session.millis = millis
            else:
                session.millis = self._elements.choose_millis(session.millis, millis)

    def _create_template(self, session: _Session) -> WindowedValue:
        windows = self._windows.find(session.start, session.end)
        return self._elements.template(windows, session.millis)

    def _close(self, receiver: Receiver) -> int:
        """Delivers the open session, of which no more rows come."""
        if self._open is None:
            return 0
        opened, self._open = self._open, None
        store = opened.store
        values: Any
        if store.size <= STREAMED_BYTES:
            values = self._elements.read_values([store.read(part) for part in range(len(store))])
        else:
            pieces = [(part, 0, length) for part, length in enumerate(opened.lengths)]
            values = self._elements.large_group(StoredParts(store, pieces))
        key = self._elements.read_key(opened.head)
        receiver.receive(self._create_template(opened.session).with_value((key, values)))
        return 1
