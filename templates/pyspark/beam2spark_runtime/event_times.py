"""Event times, windows and panes: from the metadata columns of rows to Beam's values, and back.

Rows hold milliseconds; Beam's Python SDK counts microseconds. Both directions round as Beam's
windowed value coder and interval window coder do, so that a row is worth the same as a trip through
the Fn API.
"""

from __future__ import annotations

from itertools import repeat
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl, PaneInfoCoderImpl
from apache_beam.utils import windowed_value
from apache_beam.utils.timestamp import MAX_TIMESTAMP, MIN_TIMESTAMP
from apache_beam.utils.windowed_value import PaneInfo, PaneInfoTiming, WindowedValue

from .layouts import Layout
from .windows import GLOBAL_WINDOWS, Captured, create_window_columns

# The pane of a group: in batch any trigger fires once, on time, when everything is there.
ONLY_FIRING = PaneInfo(True, True, PaneInfoTiming.ON_TIME, 0, 0)

# Fewer rows than this of one timestamp are handed over one by one.
_SHORT_RUN = 4

_PANE_CODER = PaneInfoCoderImpl()
_MIN_MICROS = MIN_TIMESTAMP.micros
_MAX_MICROS = MAX_TIMESTAMP.micros
_MIN_MILLIS = -(abs(_MIN_MICROS) // 1000)
_MAX_MILLIS = _MAX_MICROS // 1000


def to_millis(micros: int) -> int:
    """Milliseconds as Beam's windowed value coder writes them: cut towards zero."""
    micros = max(micros, _MIN_MICROS)
    return -(-micros // 1000) if micros < 0 else micros // 1000


def to_micros(millis: int) -> int:
    """Microseconds as Beam's windowed value coder reads them: both ends are restored exactly."""
    if millis <= _MIN_MILLIS:
        return _MIN_MICROS
    if millis >= _MAX_MILLIS:
        return _MAX_MICROS
    return millis * 1000


def decode_pane(encoded: bytes) -> PaneInfo:
    """The pane of Beam's pane encoding."""
    return _PANE_CODER.decode(encoded)


def encode_pane(pane: PaneInfo) -> bytes:
    """Beam's pane encoding of a pane."""
    return _PANE_CODER.encode(pane)


def end_of_window(windows: tuple[Any, ...]) -> int:
    """The maximum timestamp of a row's one window in microseconds, as its coder leaves it."""
    return to_micros(to_millis(windows[0].max_timestamp().micros))


class Receiver(Protocol):
    """Takes a stage's elements."""

    def receive(self, element: WindowedValue) -> None:
        """One element."""

    def receive_values(self, values: list[Any], template: WindowedValue) -> None:
        """Elements that share the template's timestamp, windows and pane."""


class EventTimeReader:
    """Gives the rows of a batch their timestamps, windows and panes."""

    no_windows = GLOBAL_WINDOWS

    def __init__(self, layout: Layout, window_coder: CoderImpl | None = None):
        self._layout = layout
        self.windows = create_window_columns(layout, window_coder)
        self.is_end_of_window = layout.timestamp == "end-of-window"
        self._is_constant = not layout.metadata_columns
        self._pane = decode_pane(layout.constant_pane or b"\x0f")
        self._template = self._create_template(GLOBAL_WINDOWS, self._pane)

    def deliver(self, values: list[Any], batch: pa.RecordBatch, receiver: Receiver) -> None:
        """Gives the values of a batch's rows to a receiver, with their metadata."""
        if self._is_constant:
            receiver.receive_values(values, self._template)
            return
        bounds = self._find_bounds(batch, self._layout.metadata_columns)
        if self._layout.timestamp == "column" and len(bounds) * _SHORT_RUN > len(values):
            self._deliver_each(values, batch, receiver)
            return
        micros = self._read_micros(batch)
        for start, end in zip(bounds, bounds[1:], strict=False):
            windows = self.windows.read(batch, start)
            template = self._create_template(windows, self._find_pane(batch, start))
            if micros is not None:
                template.timestamp_micros = micros[start]
            receiver.receive_values(values[start:end], template)

    def _deliver_each(self, values: list[Any], batch: pa.RecordBatch, receiver: Receiver) -> None:
        """For rows whose timestamps differ nearly all."""
        micros = self._read_micros(batch)
        assert micros is not None
        names = [name for name in self._layout.metadata_columns if name != "timestamp"]
        bounds = self._find_bounds(batch, names)
        for start, end in zip(bounds, bounds[1:], strict=False):
            windows = repeat(self.windows.read(batch, start))
            pane = repeat(self._find_pane(batch, start))
            for element in map(
                windowed_value.create, values[start:end], micros[start:end], windows, pane
            ):
                receiver.receive(element)

    def read_millis(self, batch: pa.RecordBatch) -> np.ndarray:
        """The timestamp of each row in milliseconds, wherever it comes from."""
        layout = self._layout
        if layout.timestamp == "column":
            return batch.column("timestamp").to_numpy(zero_copy_only=False)
        if layout.constant_millis is not None:
            return np.full(batch.num_rows, layout.constant_millis, np.int64)
        ends = (
            to_millis(end_of_window(self.windows.read(batch, row))) for row in range(batch.num_rows)
        )
        return np.fromiter(ends, np.int64, batch.num_rows)

    def _create_template(self, windows: tuple[Any, ...], pane: PaneInfo) -> WindowedValue:
        if self._layout.constant_millis is None:
            micros = end_of_window(windows)
        else:
            micros = to_micros(self._layout.constant_millis)
        return windowed_value.create(None, micros, windows, pane)

    def _read_micros(self, batch: pa.RecordBatch) -> list[int] | None:
        if self._layout.timestamp != "column":
            return None
        millis = batch.column("timestamp").to_numpy(zero_copy_only=False)
        micros = np.clip(millis, _MIN_MILLIS, _MAX_MILLIS) * 1000
        micros[millis <= _MIN_MILLIS] = _MIN_MICROS
        micros[millis >= _MAX_MILLIS] = _MAX_MICROS
        return micros.tolist()

    def _find_bounds(self, batch: pa.RecordBatch, names: list[str]) -> list[int]:
        changes = find_changes([batch.column(name) for name in names], batch.num_rows)
        return [0, *(np.flatnonzero(changes) + 1).tolist(), batch.num_rows]

    def _find_pane(self, batch: pa.RecordBatch, row: int) -> PaneInfo:
        if self._layout.pane != "column":
            return self._pane
        return decode_pane(batch.column("pane")[row].as_py())


def find_changes(arrays: list[pa.Array], rows: int) -> np.ndarray:
    """For each row but the first, whether any array's value differs from the row before.

    Values are compared as bytes, as Beam compares keys: 0.0 and -0.0 differ, a NaN equals itself.
    """
    changes = np.zeros(max(rows - 1, 0), bool)
    for array in arrays:
        changes |= _differs_from_previous(array)
    return changes


def _differs_from_previous(array: pa.Array) -> np.ndarray:
    if len(array) < 2:
        return np.zeros(max(len(array) - 1, 0), bool)
    valid = None
    if array.null_count:
        valid = array.is_valid().to_numpy(zero_copy_only=False)
    kind = array.type
    if pa.types.is_struct(kind):
        changes = find_changes(array.flatten(), len(array))
    elif pa.types.is_list(kind):
        values = array.to_pylist()
        changes = np.fromiter(
            (repr(a) != repr(b) for a, b in zip(values, values[1:], strict=False)),
            bool,
            len(values) - 1,
        )
    else:
        changes = _plain_changes(array)
    if valid is not None:
        changes = (changes & valid[1:] & valid[:-1]) | (valid[1:] != valid[:-1])
    return changes


def _plain_changes(array: pa.Array) -> np.ndarray:
    if pa.types.is_floating(array.type):
        bits = array.fill_null(0.0).to_numpy(zero_copy_only=False).view(np.int64)
        return bits[1:] != bits[:-1]
    changes = pa.compute.not_equal(array.slice(1), array.slice(0, len(array) - 1))
    return changes.fill_null(False).to_numpy(zero_copy_only=False)


class EventTimeWriter:
    """Remembers the metadata of collected elements as runs, because neighbours mostly share it."""

    def __init__(self, layout: Layout, window_coder: CoderImpl | None = None):
        self._has_timestamp = layout.timestamp == "column"
        self._has_pane = layout.pane == "column"
        self._window_columns = create_window_columns(layout, window_coder)
        self._rows = 0
        self._run_starts: list[int] = []
        self._runs: list[tuple[int, Captured, PaneInfo]] = []
        self._micros: int | None = None
        self._windows: Any = None
        self._pane: PaneInfo | None = None

    def observe(self, element: WindowedValue, count: int) -> None:
        """Counts in so many elements that share this one's metadata: as many rows for each of its
        windows, one window after the other.
        """
        if (
            element.windows is self._windows
            and element.timestamp_micros == self._micros
            and element.pane_info is self._pane
        ):
            self._rows += count
            return
        millis = to_millis(element.timestamp_micros)
        capture = self._window_columns.capture
        for window in element.windows:
            self._run_starts.append(self._rows)
            self._runs.append((millis, capture(window), element.pane_info))
            self._rows += count
        self._micros = element.timestamp_micros
        self._pane = element.pane_info
        self._windows = element.windows if len(element.windows) == 1 else None

    def write(self) -> list[pa.Array]:
        """The metadata columns of everything observed since the last time."""
        bounds = np.asarray([*self._run_starts, self._rows], np.int64)
        rows = pa.array(np.repeat(np.arange(len(self._runs)), np.diff(bounds)))
        columns: list[pa.Array] = []
        if self._has_timestamp:
            columns.append(pa.array([run[0] for run in self._runs], pa.int64()))
        columns += self._window_columns.write([run[1] for run in self._runs])
        if self._has_pane:
            columns.append(pa.array([encode_pane(run[2]) for run in self._runs], pa.binary()))
        self._rows = 0
        self._run_starts = []
        self._runs = []
        self._windows = None
        return [column.take(rows) for column in columns]
