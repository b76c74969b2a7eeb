"""Collecting the elements of a stage's outputs into batches.

Elements come as lists of values that share their timestamp, windows and pane, and are handled a
column at a time: collecting is the hot end of a stage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .columns.pair_column import unpack_pair
from .errors import RuntimeFailure, ValueNotEncodable
from .event_times import EventTimeWriter
from .large_group import StoreGuard
from .layouts import Layout

Emit = Callable[[list[pa.Array]], None]

# A batch ends at so many bytes; a row counts with some of its own, so about 10,000 rows end it too.
BATCH_BYTES = 1 << 20
ROW_BYTES = 104


class Sink:
    """One output of a stage: `collect` takes values of it, `flush` emits what has been collected.

    `columns` are the value's columns (key and value for a KV), `transform` names the one whose
    values these are, for errors, and `emit` takes the arrays of a batch, metadata included. `guard`
    is there where a value may be a whole group, `window_coder` where the layout names one.
    """

    batch_bytes = BATCH_BYTES

    def __init__(
        self,
        layout: Layout,
        columns: list[Column],
        transform: str,
        emit: Emit,
        guard: StoreGuard | None = None,
        window_coder: CoderImpl | None = None,
    ):
        self._columns = columns
        self._guard = guard
        self._transform = transform
        self._emit = emit
        self._captured: list[list[Any]] = [[] for _ in columns]
        self._size = 0
        self._times = EventTimeWriter(layout, window_coder) if layout.metadata_columns else None

    def collect(self, values: Sequence[Any], element: WindowedValue) -> None:
        """Takes values that share the element's timestamp, windows and pane."""
        if not values:
            return
        try:
            parts = [values] if len(self._columns) == 1 else unpack_pairs(values)
            with self._storing():
                captured = [
                    part if column.is_atomic else list(map(column.capture, part))
                    for column, part in zip(self._columns, parts, strict=True)
                ]
            self._add(captured, element)
        except ValueNotEncodable as error:
            raise self._refuse(error) from error

    def flush(self) -> None:
        """Emits the rows collected so far, if there are any."""
        self._write_batch()

    def _storing(self) -> AbstractContextManager[None]:
        return nullcontext() if self._guard is None else self._guard.storing(self._transform)

    def _add(self, parts: list[Sequence[Any]], element: WindowedValue) -> None:
        """Adds captured values, given by column; many large ones go into several batches."""
        count = len(parts[0])
        # An element in several windows is several, whether or not somebody reads the windows.
        copies = len(element.windows)
        size = copies * (count * ROW_BYTES + sum(map(measure_values, self._columns, parts)))
        if size > self.batch_bytes and count > 1:
            middle = count // 2
            self._add([part[:middle] for part in parts], element)
            self._add([part[middle:] for part in parts], element)
            return
        for captured, part in zip(self._captured, parts, strict=True):
            for _ in range(copies):
                captured.extend(part)
        if self._times is not None:
            self._times.observe(element, count)
        self._size += size
        if self._size >= self.batch_bytes:
            self._write_batch()

    def _write_batch(self) -> None:
        self._size = 0
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

    def _refuse(self, error: ValueNotEncodable) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/value-not-encodable",
            str(error),
            transform=self._transform,
            hint="an element is not of the type that the transform declares; see its type hints",
        )


def unpack_pairs(values: Sequence[Any]) -> list[Sequence[Any]]:
    """The keys and the values of pairs."""
    try:
        keys, parts = zip(*values, strict=True)
    except (TypeError, ValueError):
        # One of them is no pair: this says which.
        keys, parts = zip(*map(unpack_pair, values), strict=True)
    return [keys, parts]


def measure_values(column: Column, captured: Sequence[Any]) -> int:
    """The size of captured values; one that has none is refused as its column refuses it."""
    try:
        return column.measure(captured)
    except TypeError:
        column.write(list(captured))
        raise
