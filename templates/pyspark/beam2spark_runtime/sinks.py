"""Collecting the elements of a stage's outputs into batches.

A collector is a plain function that takes a windowed value: it is called for every element, so each
common shape has a function of its own with nothing in it that the shape doesn't need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .columns.pair_column import unpack_pair
from .errors import RuntimeFailure, ValueNotEncodable
from .event_times import EventTimeWriter
from .large_group import StoreGuard
from .layouts import Layout

Collect = Callable[[WindowedValue], None]
Emit = Callable[[list[pa.Array]], None]

# A batch ends at so many bytes; a row counts with some bytes of its own, so about 10,000 rows end it too.
BATCH_BYTES = 1 << 20
ROW_BYTES = 104


class Sink:
    """One output of a stage: `collect` takes its elements, `flush` emits what has been collected.

    `columns` are the value's columns (key and value for a KV), `transform` names the one whose values
    these are, for errors, and `emit` takes the arrays of a batch, metadata included. `guard` is there where
    a value may be a whole group.
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
            raise self._describe(error) from error
        for captured in self._captured:
            captured.clear()
        if self._times is not None:
            arrays += self._times.write()
        self._emit(arrays)

    def _describe(self, error: ValueNotEncodable) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/value-not-encodable",
            str(error),
            transform=self._transform,
            hint="the element's type is not the one that the transform declares; see its type hints",
        )

    def _create_collect(self) -> Collect:
        if self._is_plain and all(column.is_atomic for column in self._columns):
            sizes = [column.fixed_size for column in self._columns]
            if len(sizes) == 1:
                return self._collect_fixed() if sizes[0] else self._collect_measured()
            if sizes[0] is None and sizes[1] is not None:
                return self._collect_pair_with_fixed_value()
        return self._collect_any()

    def _collect_fixed(self) -> Collect:
        captured = self._captured[0]
        append = captured.append
        rows = BATCH_BYTES // ROW_BYTES

        def collect(element: WindowedValue) -> None:
            append(element.value)
            if len(captured) >= rows:
                self.flush()

        return collect

    def _collect_measured(self) -> Collect:
        append = self._captured[0].append
        measure = self._measure_checked(self._columns[0])
        size = 0

        def collect(element: WindowedValue) -> None:
            nonlocal size
            value = element.value
            append(value)
            try:
                size += len(value) + ROW_BYTES
            except TypeError:
                size += measure(value) + ROW_BYTES
            if size >= BATCH_BYTES:
                size = 0
                self.flush()

        return collect

    def _collect_pair_with_fixed_value(self) -> Collect:
        append_key, append_value = (captured.append for captured in self._captured)
        measure = self._measure_checked(self._columns[0])
        unpack = self._unpack
        size = 0

        def collect(element: WindowedValue) -> None:
            nonlocal size
            try:
                key, value = element.value
            except (TypeError, ValueError):
                key, value = unpack(element.value)
            append_key(key)
            append_value(value)
            try:
                size += len(key) + ROW_BYTES
            except TypeError:
                size += measure(key) + ROW_BYTES
            if size >= BATCH_BYTES:
                size = 0
                self.flush()

        return collect

    def _collect_any(self) -> Collect:
        captured = self._captured
        columns = self._columns
        observe = self._times.observe if self._times is not None else count_windows
        guard = self._guard
        transform = self._transform
        size = 0

        def collect(element: WindowedValue) -> None:
            nonlocal size
            value = element.value
            try:
                parts = (value,) if len(columns) == 1 else unpack_pair(value)
                if guard is None:
                    kept = [c.capture(part) for c, part in zip(columns, parts, strict=True)]
                else:
                    with guard.storing(transform):
                        kept = [c.capture(part) for c, part in zip(columns, parts, strict=True)]
                for _ in range(observe(element)):
                    size += ROW_BYTES
                    for column, rows, part in zip(columns, captured, kept, strict=True):
                        rows.append(part)
                        size += measure_captured(column, part)
            except ValueNotEncodable as error:
                raise self._describe(error) from error
            if size >= BATCH_BYTES:
                size = 0
                self.flush()

        return collect

    def _unpack(self, value: Any) -> tuple[Any, Any]:
        try:
            return unpack_pair(value)
        except ValueNotEncodable as error:
            raise self._describe(error) from error

    def _measure_checked(self, column: Column) -> Callable[[Any], int]:
        def measure(value: Any) -> int:
            try:
                return measure_captured(column, value)
            except ValueNotEncodable as error:
                raise self._describe(error) from error

        return measure


def measure_captured(column: Column, captured: Any) -> int:
    """The size of a captured value; one that can't be measured is refused as its column refuses it."""
    try:
        return column.measure(captured)
    except TypeError:
        column.write([captured])
        raise


def count_windows(element: WindowedValue) -> int:
    """An element in several windows is several elements, whether or not somebody reads the window."""
    return len(element.windows)
