"""Collecting the elements of a stage's outputs into batches.

Elements come as lists of values that share their timestamp, windows and pane. Collecting is the hot
end of a stage: each common shape has a function of its own with nothing in it that it doesn't need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .columns.pair_column import unpack_pair
from .errors import RuntimeFailure, ValueNotEncodable
from .event_times import EventTimeWriter
from .large_group import StoreGuard
from .layouts import Layout

# Takes values, and a windowed value with the timestamp, windows and pane of all of them.
Collect = Callable[[Sequence[Any], WindowedValue], None]
Emit = Callable[[list[pa.Array]], None]

# A batch ends at so many bytes; a row counts with some of its own, so about 10,000 rows end it too.
BATCH_BYTES = 1 << 20
ROW_BYTES = 104


class Sink:
    """One output of a stage: `collect` takes values of it, `flush` emits what has been collected.

    `columns` are the value's columns (key and value for a KV), `transform` names the one whose
    values these are, for errors, and `emit` takes the arrays of a batch, metadata included. `guard`
    is there where a value may be a whole group.
    """

    def __init__(
        self,
        layout: Layout,
        columns: list[Column],
        transform: str,
        emit: Emit,
        guard: StoreGuard | None = None,
    ):
        self._columns = columns
        self._guard = guard
        self._transform = transform
        self._emit = emit
        self._captured: list[list[Any]] = [[] for _ in columns]
        self._is_plain = layout.window == "global" and not layout.metadata_columns
        self._times = EventTimeWriter(layout) if layout.metadata_columns else None
        self.collect = self._create_collect()

    def flush(self) -> None:
        """Emits the rows collected so far, if there are any."""
        if not self._captured[0]:
            return
        try:
            arrays = [c.write(v) for c, v in zip(self._columns, self._captured, strict=True)]
        except ValueNotEncodable as error:
            raise self._refuse(error) from error
        for captured in self._captured:
            captured.clear()
        if self._times is not None:
            arrays += self._times.write()
        self._emit(arrays)

    def _create_collect(self) -> Collect:
        if self._is_plain and all(column.is_atomic for column in self._columns):
            sizes = [column.fixed_size for column in self._columns]
            if len(sizes) == 1:
                return self._collect_fixed() if sizes[0] else self._collect_measured()
            if sizes[0] is None and sizes[1] is not None:
                return self._collect_pairs()
        return self._collect_any()

    def _collect_fixed(self) -> Collect:
        captured = self._captured[0]
        rows = BATCH_BYTES // ROW_BYTES

        def collect(values: Sequence[Any], _element: WindowedValue) -> None:
            captured.extend(values)
            if len(captured) >= rows:
                self.flush()

        return collect

    def _collect_measured(self) -> Collect:
        append = self._captured[0].append
        size = 0

        def collect(values: Sequence[Any], _element: WindowedValue) -> None:
            nonlocal size
            for value in values:
                append(value)
                try:
                    size += len(value) + ROW_BYTES
                except TypeError:
                    size += self._measure(value)
                if size >= BATCH_BYTES:
                    size = 0
                    self.flush()

        return collect

    def _collect_pairs(self) -> Collect:
        """For a KV whose key is measured by `len` and whose value has a fixed size."""
        append_key, append_value = (captured.append for captured in self._captured)
        size = 0

        def collect(values: Sequence[Any], _element: WindowedValue) -> None:
            nonlocal size
            for pair in values:
                try:
                    key, value = pair
                    size += len(key) + ROW_BYTES
                except (TypeError, ValueError):
                    key, value = self._unpack(pair)
                    size += self._measure(key)
                append_key(key)
                append_value(value)
                if size >= BATCH_BYTES:
                    size = 0
                    self.flush()

        return collect

    def _collect_any(self) -> Collect:
        captured = self._captured
        columns = self._columns
        observe = self._times.observe if self._times is not None else count_windows
        size = 0

        def collect(values: Sequence[Any], element: WindowedValue) -> None:
            nonlocal size
            try:
                for value in values:
                    kept = self._capture(value)
                    for _ in range(observe(element)):
                        size += ROW_BYTES
                        for column, rows, part in zip(columns, captured, kept, strict=True):
                            rows.append(part)
                            size += measure_captured(column, part)
                    if size >= BATCH_BYTES:
                        size = 0
                        self.flush()
            except ValueNotEncodable as error:
                raise self._refuse(error) from error

        return collect

    def _capture(self, value: Any) -> list[Any]:
        parts = (value,) if len(self._columns) == 1 else unpack_pair(value)
        if self._guard is None:
            return [c.capture(part) for c, part in zip(self._columns, parts, strict=True)]
        with self._guard.storing(self._transform):
            return [c.capture(part) for c, part in zip(self._columns, parts, strict=True)]

    def _unpack(self, value: Any) -> tuple[Any, Any]:
        try:
            return unpack_pair(value)
        except ValueNotEncodable as error:
            raise self._refuse(error) from error

    def _measure(self, key: Any) -> int:
        """The size of a row with this key or value, or the failure if its column refuses it."""
        try:
            return measure_captured(self._columns[0], key) + ROW_BYTES
        except ValueNotEncodable as error:
            raise self._refuse(error) from error

    def _refuse(self, error: ValueNotEncodable) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/value-not-encodable",
            str(error),
            transform=self._transform,
            hint="an element is not of the type that the transform declares; see its type hints",
        )


def measure_captured(column: Column, captured: Any) -> int:
    """The size of a captured value; one that has none is refused as its column refuses it."""
    try:
        return column.measure(captured)
    except TypeError:
        column.write([captured])
        raise


def count_windows(element: WindowedValue) -> int:
    """An element in several windows is several, whether or not somebody reads the windows."""
    return len(element.windows)
