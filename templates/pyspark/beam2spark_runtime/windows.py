"""Windows as columns of rows, and back: an interval's start and end, or the bytes of its coder."""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.transforms.window import GlobalWindow, IntervalWindow
from apache_beam.utils.timestamp import Timestamp

from .layouts import Layout

GLOBAL_WINDOWS = (GlobalWindow(),)

# So many windows of recent rows are kept.
_CACHE_LIMIT = 10_000

# What a window leaves in its columns, one part for each.
Captured = tuple[Any, ...]


class WindowColumns(Protocol):
    """The columns of the windows of one layout."""

    names: list[str]

    def capture(self, window: Any) -> Captured:
        """What to write of a window."""

    def write(self, captured: list[Captured]) -> list[pa.Array]:
        """The columns of captured windows."""

    def read(self, batch: pa.RecordBatch, row: int) -> tuple[Any, ...]:
        """The one window of a row, in a tuple. Equal windows of recent rows are one object."""

    def restore(self, window: Any) -> tuple[Any, ...]:
        """A window as it comes back from its columns, in a tuple."""


class NoWindowColumns:
    """The global window, or windows that nobody reads."""

    names: list[str] = []

    def capture(self, window: Any) -> Captured:
        """Nothing."""
        return ()

    def write(self, captured: list[Captured]) -> list[pa.Array]:
        """No columns."""
        return []

    def read(self, batch: pa.RecordBatch, row: int) -> tuple[Any, ...]:
        """The global window."""
        return GLOBAL_WINDOWS

    def restore(self, window: Any) -> tuple[Any, ...]:
        """The global window."""
        return GLOBAL_WINDOWS


class IntervalColumns:
    """Start and end in milliseconds, as Beam's coder of intervals rounds them."""

    names = ["window_start", "window_end"]

    def __init__(self) -> None:
        self._windows: dict[tuple[int, int], tuple[IntervalWindow]] = {}

    def find(self, start_millis: int, end_millis: int) -> tuple[IntervalWindow]:
        """A tuple of the one interval window that starts and ends (exclusive) so."""
        windows = self._windows.get((start_millis, end_millis))
        if windows is None:
            if len(self._windows) >= _CACHE_LIMIT:
                self._windows.clear()
            start = Timestamp(micros=start_millis * 1000)
            windows = (IntervalWindow(start, Timestamp(micros=end_millis * 1000)),)
            self._windows[start_millis, end_millis] = windows
        return windows

    def capture(self, window: Any) -> Captured:
        """Start and end in milliseconds."""
        return window._start_micros // 1000, window._end_micros // 1000

    def write(self, captured: list[Captured]) -> list[pa.Array]:
        """Two columns of milliseconds."""
        return [pa.array([span[part] for span in captured], pa.int64()) for part in (0, 1)]

    def read(self, batch: pa.RecordBatch, row: int) -> tuple[Any, ...]:
        """The interval of a row."""
        start = batch.column("window_start")[row].as_py()
        return self.find(start, batch.column("window_end")[row].as_py())

    def restore(self, window: Any) -> tuple[Any, ...]:
        """The interval, in whole milliseconds."""
        return self.find(*self.capture(window))


class EncodedColumns:
    """The bytes of the window coder, for windows that are no intervals."""

    names = ["window"]

    def __init__(self, coder: CoderImpl):
        self._coder = coder
        self._windows: dict[bytes, tuple[Any]] = {}

    def _find(self, encoded: bytes) -> tuple[Any]:
        windows = self._windows.get(encoded)
        if windows is None:
            if len(self._windows) >= _CACHE_LIMIT:
                self._windows.clear()
            windows = self._windows[encoded] = (self._coder.decode(encoded),)
        return windows

    def capture(self, window: Any) -> Captured:
        """The window's bytes."""
        return (self._coder.encode(window),)

    def write(self, captured: list[Captured]) -> list[pa.Array]:
        """One column of bytes."""
        return [pa.array([encoded for (encoded,) in captured], pa.binary())]

    def read(self, batch: pa.RecordBatch, row: int) -> tuple[Any, ...]:
        """The window of a row."""
        return self._find(batch.column("window")[row].as_py())

    def restore(self, window: Any) -> tuple[Any, ...]:
        """The window, after a trip through its coder."""
        return self._find(self._coder.encode(window))


def create_window_columns(layout: Layout, coder: CoderImpl | None = None) -> WindowColumns:
    """The columns of a layout's windows; `coder` is the window coder where the layout names one."""
    if layout.window == "interval":
        return IntervalColumns()
    if layout.window == "encoded":
        assert coder is not None
        return EncodedColumns(coder)
    return NoWindowColumns()
