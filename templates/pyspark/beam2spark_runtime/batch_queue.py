"""Arrow batches from the bundle's thread to Spark's, bounded by bytes."""

from __future__ import annotations

import threading
from collections import deque

import pyarrow as pa

from .errors import BundleAborted


class BatchQueue:
    """A queue with one writer and one reader.

    The writer waits while more than `limit` bytes lie in it; one batch larger than that still
    passes, alone. The writer ends it with `finish` or `fail`; a reader who leaves calls `abort`,
    and the writer's next `put` or `check` raises `BundleAborted`.
    """

    def __init__(self, limit: int):
        self._limit = limit
        self._size = 0
        self._batches: deque[pa.RecordBatch] = deque()
        self._changed = threading.Condition()
        self._finished = False
        self._aborted = False
        self._error: BaseException | None = None

    def put(self, batch: pa.RecordBatch) -> None:
        """Adds a batch, waiting for room."""
        size = batch.nbytes
        with self._changed:
            while self._batches and self._size + size > self._limit and not self._aborted:
                self._changed.wait()
            self.check()
            self._batches.append(batch)
            self._size += size
            self._changed.notify()

    def check(self) -> None:
        """Raises `BundleAborted` once the reader has gone."""
        if self._aborted:
            raise BundleAborted

    def take(self) -> pa.RecordBatch | None:
        """The next batch, or None at the end. Raises what the writer failed with."""
        with self._changed:
            while not self._batches and not self._finished:
                self._changed.wait()
            if self._batches:
                batch = self._batches.popleft()
                self._size -= batch.nbytes
                self._changed.notify()
                return batch
            if self._error is not None:
                raise self._error
            return None

    def finish(self) -> None:
        """Says that nothing more comes."""
        with self._changed:
            self._finished = True
            self._changed.notify()

    def fail(self, error: BaseException) -> None:
        """Says that nothing more comes, because of an error that the reader shall raise."""
        with self._changed:
            self._error = error
            self._finished = True
            self._changed.notify()

    def abort(self) -> None:
        """Says that nobody reads any more."""
        with self._changed:
            self._aborted = True
            self._batches.clear()
            self._changed.notify()
