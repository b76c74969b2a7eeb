"""Pre-aggregation of a keyed output in the worker, before its rows leave for Spark's own aggregate.

Rows are folded as Arrow tables, so that no element is looked up from Python. Exactness: a sum of
64-bit integers is folded only where it can't overflow, and other rows leave as they are. Keys are
told apart at least as finely as Beam's encoded bytes tell them apart: two rows of one key are added
up by Spark, two keys in one row would be an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .large_group import StoreGuard
from .layouts import Layout
from .sinks import BATCH_BYTES, Emit, Sink

# Rows are folded for the first time when there are so many bytes of them.
FOLD_BYTES = 8 << 20
# A table leaves for Spark once it holds so many bytes.
TABLE_BYTES = 32 << 20
# Folded parts are put together when they have twice the rows of the last time and so many more.
_PART_ROWS = 1 << 16
_INT64_MAX = (1 << 63) - 1

# How Arrow folds values, and again what it has folded.
AGGREGATES = {"sum": "sum", "count": "sum", "count-elements": "sum", "min": "min", "max": "max"}


class FoldingSink(Sink):
    """A sink of a KV output that folds the values of equal keys (and metadata) into one row."""

    batch_bytes = FOLD_BYTES

    def __init__(
        self,
        kind: str,
        layout: Layout,
        columns: list[Column],
        transform: str,
        emit: Emit,
        guard: StoreGuard | None = None,
        window_coder: CoderImpl | None = None,
    ):
        self._table = FoldTable(AGGREGATES[kind], emit)
        self._count = {"count": count_pairs, "count-elements": count_elements}.get(kind)
        super().__init__(layout, columns, transform, self._table.add, guard, window_coder)

    def collect(self, values: Sequence[Any], element: WindowedValue) -> None:
        """Takes pairs, or elements to count, that share their timestamp, windows and pane."""
        super().collect(values if self._count is None else self._count(values), element)

    def flush(self) -> None:
        """Emits the whole table."""
        super().flush()
        self._table.drain()


def count_pairs(values: Sequence[Any]) -> Sequence[Any]:
    """Every value counts as one, whatever it is. What isn't a pair is left to be refused."""
    try:
        return [(key, 1) for key, _ in values]
    except (TypeError, ValueError):
        return values


def count_elements(values: Sequence[Any]) -> Sequence[Any]:
    """Every element counts as one, and is its own key."""
    return [(value, 1) for value in values]


class FoldTable:
    """Rows folded so far: `add` takes more, and what has grown too large, or can't be folded, is
    emitted.

    A row is a key, a value and any metadata; rows that agree in everything but the value become
    one.
    """

    def __init__(self, aggregate: str, emit: Emit):
        self._aggregate = aggregate
        self._emit = emit
        self._parts: list[list[pa.Array]] = []
        self._rows = 0
        self._least_rows = 0
        self._size = 0

    def add(self, arrays: list[pa.Array]) -> None:
        """Folds the rows in these arrays: key, value, metadata."""
        folded = self._fold(arrays)
        if folded is None:
            self._emit(arrays)
            return
        self._parts.append(folded)
        self._rows += len(folded[0])
        self._size += measure_arrays(folded)
        if self._rows < 2 * self._least_rows + _PART_ROWS and self._size < TABLE_BYTES:
            return
        self._join_parts()
        if self._size >= TABLE_BYTES // 2:
            self.drain()

    def drain(self) -> None:
        """Emits everything."""
        self._join_parts()
        for part in self._parts:
            for batch in cut_arrays(part):
                self._emit(batch)
        self._keep([])

    def _join_parts(self) -> None:
        if len(self._parts) < 2:
            return
        joined = self._fold([pa.concat_arrays(column) for column in zip(*self._parts, strict=True)])
        if joined is None:
            for part in self._parts:
                self._emit(part)
        self._keep([] if joined is None else [joined])

    def _keep(self, parts: list[list[pa.Array]]) -> None:
        self._parts = parts
        self._rows = self._least_rows = sum(len(part[0]) for part in parts)
        self._size = sum(map(measure_arrays, parts))

    def _fold(self, arrays: list[pa.Array]) -> list[pa.Array] | None:
        """The arrays with one row for each key and metadata; None where they can't be folded."""
        key, value, *metadata = arrays
        leaves = flatten_key(key)
        if leaves is None:
            return None
        if self._aggregate == "sum" and not is_sum_exact(value):
            return None
        grouping = [*leaves, *metadata]
        names = [f"by{number}" for number in range(len(grouping))]
        rows = pa.table([*grouping, value], [*names, "value"])
        aggregates: list[tuple[str, str]] = [("value", self._aggregate)]
        is_whole = len(leaves) == 1 and leaves[0] is key
        if not is_whole:
            rows = rows.append_column("row", pa.array(np.arange(len(key))))
            aggregates.append(("row", "min"))
        groups = pa.TableGroupBy(rows, names, use_threads=False).aggregate(aggregates)
        found = [groups.column(name).combine_chunks() for name in names]
        keys = found[0] if is_whole else key.take(groups.column("row_min").combine_chunks())
        values = groups.column(f"value_{self._aggregate}").combine_chunks()
        return [keys, values, *found[len(leaves) :]]


def flatten_key(key: pa.Array) -> list[pa.Array] | None:
    """Arrays without structure that differ wherever keys differ; None for keys with lists."""
    if pa.types.is_struct(key.type):
        leaves = [key.is_valid()] if key.null_count else []
        for part in key.flatten():
            flat = flatten_key(part)
            if flat is None:
                return None
            leaves += flat
        return leaves
    if pa.types.is_nested(key.type):
        return None
    # As bits: 0.0 and -0.0 are two keys, and a NaN is one.
    return [key.view(pa.int64())] if pa.types.is_floating(key.type) else [key]


def is_sum_exact(values: pa.Array) -> bool:
    """Whether no sum of any of these can overflow. Doubles are added as they are."""
    if not pa.types.is_integer(values.type) or not len(values):
        return True
    bounds = pc.min_max(values)
    largest = max(abs(bounds["min"].as_py()), abs(bounds["max"].as_py()))
    return largest * len(values) <= _INT64_MAX


def measure_arrays(arrays: list[pa.Array]) -> int:
    """The bytes that arrays take."""
    return sum(array.nbytes for array in arrays)


def cut_arrays(arrays: list[pa.Array]) -> Iterator[list[pa.Array]]:
    """The arrays in slices of about a batch's bytes each."""
    rows = len(arrays[0])
    step = max(1, rows * BATCH_BYTES // max(1, measure_arrays(arrays)))
    for start in range(0, rows, step):
        yield [array.slice(start, step) for array in arrays]
