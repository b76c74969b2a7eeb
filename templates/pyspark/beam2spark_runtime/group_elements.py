"""Makes elements of groups: keys, values, timestamps, windows and the pane."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.utils import windowed_value
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .event_times import (
    ONLY_FIRING,
    EventTimeReader,
    Receiver,
    end_of_window,
    to_micros,
)
from .large_group import LargeGroup, Parts, StoreGuard
from .lazy_values import LazyValues
from .small_data import is_data

# Objects of fewer encoded bytes than this are decoded into a list at once.
LAZY_BYTES = 16 << 10


@dataclass(frozen=True)
class Grouping:
    """How clustered rows make groups (ARCHITECTURE.md, "Stages")."""

    name: str
    merge: str
    timestamp: str
    windowing: str


class GroupElements:
    """What the readers of grouped rows share. `key` and `value` are the columns of the pairs."""

    def __init__(
        self,
        grouping: Grouping,
        times: EventTimeReader,
        key: Column,
        value: Column,
        guard: StoreGuard,
    ):
        self.grouping = grouping
        self.times = times
        self.value_type = value.arrow_type
        # Whether a group has the timestamp of one of its rows, and these are not all the same.
        self.has_own_times = grouping.timestamp != "end-of-window" and (
            grouping.merge != "none" or not times.is_end_of_window
        )
        self._key = key
        self._value = value
        self._guard = guard

    def deliver(
        self,
        batch: pa.RecordBatch,
        bounds: list[int],
        templates: WindowedValue | Iterable[WindowedValue],
        receiver: Receiver,
    ) -> int:
        """Delivers the groups between the bounds, with a template each or one for all."""
        if len(bounds) < 2:
            return 0
        keys = self._key.read(batch.column("key").take(pa.array(bounds[:-1])))
        lists = self._read_lists(batch.column("value"), bounds)
        if isinstance(templates, WindowedValue):
            receiver.receive_values(list(zip(keys, lists, strict=True)), templates)
        else:
            for template, key, values in zip(templates, keys, lists, strict=True):
                receiver.receive(template.with_value((key, values)))
        return len(lists)

    def read_key(self, head: pa.RecordBatch) -> Any:
        """The key of the first row."""
        return self._key.read(head.column("key").slice(0, 1))[0]

    def read_values(self, parts: list[pa.Array]) -> Any:
        """The values of arrays that are small enough to be held."""
        array = parts[0] if len(parts) == 1 else pa.concat_arrays(parts)
        return LazyValues(self._value, array) if self._is_lazy(array) else self._value.read(array)

    def large_group(self, parts: Parts) -> LargeGroup:
        """The values of arrays that are not."""
        return LargeGroup(parts, self._value, self._guard)

    def template(self, windows: tuple[Any, ...], millis: int | None = None) -> WindowedValue:
        """An element without a value; without a timestamp it is at the end of its window."""
        micros = end_of_window(windows) if millis is None else to_micros(millis)
        return windowed_value.create(None, micros, windows, ONLY_FIRING)

    def choose_millis(self, first: int, second: int) -> int:
        """Which of two timestamps a group has."""
        return min(first, second) if self.grouping.timestamp == "earliest" else max(first, second)

    def reduce_millis(self, batch: pa.RecordBatch, starts: list[int]) -> list[int]:
        """The timestamp of each run of rows that begins at one of the starts."""
        choose = np.minimum if self.grouping.timestamp == "earliest" else np.maximum
        return choose.reduceat(self.times.read_millis(batch), starts).tolist()

    def _read_lists(self, values: pa.Array, bounds: list[int]) -> list[Any]:
        first = bounds[0]
        span = values.slice(first, bounds[-1] - first)
        if self._is_lazy(span):
            return [
                self.read_values([values.slice(start, end - start)])
                for start, end in zip(bounds, bounds[1:], strict=False)
            ]
        read = self._value.read(span)
        return [
            read[start - first : end - first]
            for start, end in zip(bounds, bounds[1:], strict=False)
        ]

    def _is_lazy(self, array: pa.Array) -> bool:
        if not self._value.may_hold_objects or array.nbytes <= LAZY_BYTES:
            return False
        return not is_data(self._value.read(array.slice(0, 1))[0])
