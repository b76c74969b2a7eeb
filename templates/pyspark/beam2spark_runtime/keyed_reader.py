"""Input for functions with state or timers: clustered rows, and where each key's end is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.utils.windowed_value import WindowedValue

from .batch_reader import BatchReader
from .columns import Column
from .event_times import EventTimeReader, Receiver, find_changes
from .row_reader import cut_batch, read_values
from .stateful_operation import StatefulFunctions


class KeyedReader:
    """Delivers one element for each row. Rows of one key and window lie next to each other; after
    the last one of them the functions are told.
    """

    def __init__(
        self,
        columns: list[Column],
        batches: BatchReader,
        times: EventTimeReader,
        functions: StatefulFunctions,
        check: Callable[[], None],
    ):
        self._columns = columns
        self._batches = batches
        self._functions = functions
        self._check = check
        self._times = times
        self._key_columns = ["key", *times.windows.names]
        self._head: pa.RecordBatch | None = None
        self._last: WindowedValue | None = None
        self.is_exhausted = False

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers rows until about `limit` bytes have been read; returns how many."""
        count = 0
        size = 0
        for batch in self._batches:
            count += batch.num_rows
            size += batch.nbytes
            for step in cut_batch(batch):
                self._deliver(step, receiver)
            if size >= limit:
                break
        if not self._batches.has_next():
            self._end_key()
            self.is_exhausted = True
        return count

    def _deliver(self, batch: pa.RecordBatch, receiver: Receiver) -> None:
        if self._head is not None and self._has_changes(self._head, batch.slice(0, 1)):
            self._end_key()
        elements = _ElementList()
        self._times.deliver(read_values(batch, self._columns), batch, elements)
        arrays = [batch.column(name) for name in self._key_columns]
        changes = np.flatnonzero(find_changes(arrays, batch.num_rows)) + 1
        bounds = [0, *changes.tolist(), batch.num_rows]
        receive = receiver.receive
        count_call = self._functions.count_call
        for start, end in zip(bounds, bounds[1:], strict=False):
            if start:
                self._end_key()
            self._check()
            for element in elements.elements[start:end]:
                receive(element)
                count_call()
            self._last = elements.elements[end - 1]
        self._head = batch.slice(batch.num_rows - 1)

    def _has_changes(self, first: pa.RecordBatch, second: pa.RecordBatch) -> bool:
        pairs = [
            pa.concat_arrays([first.column(name), second.column(name)])
            for name in self._key_columns
        ]
        return bool(find_changes(pairs, 2)[0])

    def _end_key(self) -> None:
        if self._last is not None:
            self._functions.end_key(self._last, self._check)
            self._last = None


class _ElementList:
    """Receives elements into a list."""

    def __init__(self) -> None:
        self.elements: list[WindowedValue] = []

    def receive(self, element: WindowedValue) -> None:
        """One element."""
        self.elements.append(element)

    def receive_values(self, values: list[Any], template: WindowedValue) -> None:
        """Elements that share the template's timestamp, windows and pane."""
        self.elements += map(template.with_value, values)
