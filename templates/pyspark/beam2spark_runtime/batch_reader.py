"""The rows of a task, as Arrow batches that are never empty, with a look ahead."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa


class BatchReader:
    """Iterates over the batches that have rows; `has_next` looks whether there is another."""

    def __init__(self, batches: Iterator[pa.RecordBatch]):
        self._batches = batches
        self._ahead: pa.RecordBatch | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self

    def __next__(self) -> pa.RecordBatch:
        if not self.has_next():
            raise StopIteration
        batch, self._ahead = self._ahead, None
        return batch

    def has_next(self) -> bool:
        """Whether another batch with rows comes; reads on until it knows."""
        while self._ahead is None or self._ahead.num_rows == 0:
            self._ahead = next(self._batches, None)
            if self._ahead is None:
                return False
        return True
