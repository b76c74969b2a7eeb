"""A stage's input as it comes: one element for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pyarrow as pa

from .batch_reader import BatchReader
from .columns import Column
from .event_times import EventTimeReader, Receiver

# Rows become Python values in steps of about so many bytes.
_STEP_BYTES = 4 << 20


class Reader(Protocol):
    """Delivers a task's elements, a bundle at a time."""

    is_exhausted: bool

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers elements until about `limit` bytes have been read; returns how many."""


class RowReader:
    """Delivers one element for each row."""

    def __init__(
        self,
        columns: list[Column],
        batches: BatchReader,
        times: EventTimeReader,
        check: Callable[[], None],
    ):
        self._columns = columns
        self._batches = batches
        self._check = check
        self._times = times
        self.is_exhausted = False

    def feed(self, receiver: Receiver, limit: int) -> int:
        """Delivers rows until about `limit` bytes have been read; returns how many."""
        count = 0
        size = 0
        for batch in self._batches:
            count += batch.num_rows
            size += batch.nbytes
            for step in cut_batch(batch):
                self._check()
                values = read_values(step, self._columns)
                self._times.deliver(values, step, receiver)
            if size >= limit:
                break
        self.is_exhausted = not self._batches.has_next()
        return count


def read_values(batch: pa.RecordBatch, columns: list[Column]) -> list[Any]:
    """The values of a batch's rows: pairs where there are two columns, key and value."""
    if len(columns) == 1:
        return columns[0].read(batch.column("value"))
    key, value = columns
    return list(zip(key.read(batch.column("key")), value.read(batch.column("value")), strict=True))


def cut_batch(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in slices small enough to become Python values at once."""
    steps = max(1, batch.nbytes // _STEP_BYTES)
    rows = max(1, -(-batch.num_rows // steps))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)
