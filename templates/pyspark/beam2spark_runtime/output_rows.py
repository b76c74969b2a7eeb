"""The rows that a stage hands to Spark: its outputs side by side, one of them in each row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


class OutputRows:
    """Makes batches of a stage's schema, which has `count` outputs."""

    def __init__(self, schema: pa.Schema, count: int):
        self._schema = schema
        self._count = count

    def assemble(self, index: int, arrays: list[pa.Array]) -> pa.RecordBatch:
        """A batch of the stage's schema from the arrays of one output."""
        if self._count == 1:
            return pa.record_batch(arrays, schema=self._schema)
        rows = len(arrays[0])
        prefix = f"o{index}_"
        own = iter(arrays)
        columns = [pa.array(np.full(rows, index, np.int32))]
        for field in list(self._schema)[1:]:
            columns.append(
                next(own) if field.name.startswith(prefix) else pa.nulls(rows, field.type)
            )
        return pa.record_batch(columns, schema=self._schema)
