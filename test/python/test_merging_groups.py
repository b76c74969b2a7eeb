"""Sessions, and windows that a function merges: any cut of rows gives what Beam's merge gives."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pytest
from apache_beam.coders.coders import PickleCoder
from apache_beam.transforms.window import IntervalWindow, Sessions, WindowFn
from apache_beam.utils.timestamp import Timestamp
from apache_beam.utils.windowed_value import WindowedValue
from beam2spark_runtime import merged_windows, part_store, sessions
from beam2spark_runtime.batch_reader import BatchReader
from beam2spark_runtime.columns.utf8_column import Utf8Column
from beam2spark_runtime.columns.varint_column import VarintColumn
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.event_times import ONLY_FIRING, EventTimeReader
from beam2spark_runtime.group_elements import GroupElements, Grouping
from beam2spark_runtime.large_group import LargeGroup, StoreGuard
from beam2spark_runtime.layouts import parse_layout
from beam2spark_runtime.merged_windows import MergeRecorder, MergingReader
from beam2spark_runtime.sessions import SessionReader
from stage_files import COLUMN, INTERVAL, UTF8, VARINT, keyed, layout

_TIMED = parse_layout(layout(keyed(UTF8, VARINT), COLUMN, INTERVAL))
_ENCODED = parse_layout(
    layout(keyed(UTF8, VARINT), COLUMN, {"kind": "encoded", "coder": "windows"})
)

# A key, the start and the end of its window, its timestamp, its value.
Row = tuple[str, int, int, int, int]


class _ByParity(WindowFn):
    """Windows of even starts are one, windows of odd starts another, in two steps."""

    def assign(self, assign_context: WindowFn.AssignContext) -> Iterable[IntervalWindow]:
        return [IntervalWindow(assign_context.timestamp, assign_context.timestamp + 1)]

    def merge(self, merge_context: WindowFn.MergeContext) -> None:
        for parity in (0, 1):
            alike = [w for w in merge_context.windows if w.start.micros // 1000 % 2 == parity]
            if len(alike) > 2:
                first = _cover(alike[:2])
                merge_context.merge(alike[:2], first)
                merge_context.merge([first, *alike[2:]], _cover(alike))

    def get_window_coder(self) -> PickleCoder:
        return PickleCoder()


def _cover(windows: list[IntervalWindow]) -> IntervalWindow:
    return IntervalWindow(min(w.start for w in windows), max(w.end for w in windows))


def _window(start: int, end: int) -> IntervalWindow:
    return IntervalWindow(Timestamp(micros=start * 1000), Timestamp(micros=end * 1000))


def _random_rows(random_: random.Random) -> list[Row]:
    rows = []
    for value in range(random_.randint(1, 25)):
        start = random_.randint(-20, 20)
        length = random_.choice([1, 3, 5, 5, 5])
        rows.append((random_.choice("abc"), start, start + length, random_.randint(-99, 99), value))
    return sorted(rows)


def _batches(rows: list[Row], cuts: list[int], is_encoded: bool) -> list[pa.RecordBatch]:
    bounds = [0, *cuts, len(rows)]
    coder = PickleCoder()
    batches = []
    for part in (rows[a:b] for a, b in itertools.pairwise(bounds)):
        columns = {
            "key": pa.array([row[0] for row in part], pa.string()),
            "value": pa.array([row[4] for row in part], pa.int64()),
            "timestamp": pa.array([row[3] for row in part], pa.int64()),
        }
        if is_encoded:
            windows = [coder.encode(_window(row[1], row[2])) for row in part]
            columns["window"] = pa.array(windows, pa.binary())
        else:
            columns["window_start"] = pa.array([row[1] for row in part], pa.int64())
            columns["window_end"] = pa.array([row[2] for row in part], pa.int64())
        batches.append(pa.record_batch(list(columns.values()), list(columns)))
    return batches


def _expect(rows: list[Row], window_fn: WindowFn, timestamp: str) -> list[Any]:
    """What Beam's merge makes of the rows: key, window, timestamp in microseconds, values."""
    expected = []
    for key, group in itertools.groupby(rows, lambda row: row[0]):
        members = list(group)
        context = MergeRecorder({_window(row[1], row[2]) for row in members})
        window_fn.merge(context)
        for window, originals in context.merged.items():
            merged = [row for row in members if _window(row[1], row[2]) in originals]
            times = [row[3] * 1000 for row in merged]
            end = int((window.end.micros - 1) / 1000) * 1000
            at = {"earliest": min(times), "latest": max(times), "end-of-window": end}
            values = sorted(row[4] for row in merged)
            expected.append((key, str(window), at[timestamp], values))
    return sorted(expected)


def _elements(merge: str, timestamp: str = "end-of-window", coder: Any = None) -> GroupElements:
    times = EventTimeReader(_TIMED if coder is None else _ENCODED, coder)
    grouping = Grouping("Visits/Group", merge, timestamp, "windowing")
    return GroupElements(grouping, times, Utf8Column(), VarintColumn(), StoreGuard(1 << 20))


def _read(reader: Any, limit: int) -> list[Any]:
    seen: list[Any] = []

    class Receiver:
        def receive(self, element: WindowedValue) -> None:
            key, values = element.value
            (window,) = element.windows
            assert sorted(values) == sorted(values)
            assert element.pane_info == ONLY_FIRING
            seen.append((key, str(window), element.timestamp_micros, sorted(values)))

        def receive_values(self, values: list[Any], template: WindowedValue) -> None:
            raise AssertionError("windows differ")

    count = 0
    while not reader.is_exhausted:
        count += reader.feed(Receiver(), limit)
    assert count == len(seen)
    return sorted(seen)


@pytest.mark.parametrize("timestamp", ["earliest", "latest", "end-of-window"])
@pytest.mark.parametrize("is_encoded", [None, False, True])
@pytest.mark.parametrize("streamed", [1 << 30, 0])
def test_any_cut_merges_as_beam_does(
    monkeypatch: pytest.MonkeyPatch, timestamp: str, is_encoded: bool | None, streamed: int
) -> None:
    monkeypatch.setattr(sessions, "STREAMED_BYTES", streamed)
    monkeypatch.setattr(merged_windows, "STREAMED_BYTES", streamed)
    monkeypatch.setattr(part_store, "MEMORY_BYTES", streamed // 2)
    random_ = random.Random(11)
    encode = PickleCoder().encode
    window_fn = Sessions(0.005) if is_encoded is None else _ByParity()
    merge = "sessions" if is_encoded is None else "custom"
    for _ in range(60):
        rows = _random_rows(random_)
        if is_encoded:
            rows.sort(key=lambda row: (row[0], encode(_window(row[1], row[2]))))
        cuts = sorted(random_.choices(range(len(rows) + 1), k=random_.randint(0, 5)))
        coder = PickleCoder().get_impl() if is_encoded else None
        elements = _elements(merge, timestamp, coder)
        batches = BatchReader(iter(_batches(rows, cuts, bool(is_encoded))))
        reader: Any
        if is_encoded is None:
            reader = SessionReader(elements, batches, lambda: None)
        else:
            reader = MergingReader(elements, batches, lambda: None, window_fn)
        limit = random_.choice([1, 1 << 40])
        assert _read(reader, limit) == _expect(rows, window_fn, timestamp), (rows, cuts)


def test_a_session_of_any_size_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "STREAMED_BYTES", 1 << 10)
    monkeypatch.setattr(part_store, "MEMORY_BYTES", 1 << 12)
    rows: list[Row] = [("a", at, at + 5, at, at) for at in range(4000)]
    rows += [("b", 0, 5, 0, 0)]
    elements = _elements("sessions")
    batches = BatchReader(iter(_batches(rows, list(range(100, 4000, 100)), False)))
    reader = SessionReader(elements, batches, lambda: None)
    seen: list[Any] = []

    class Receiver:
        def receive(self, element: WindowedValue) -> None:
            key, values = element.value
            first, second = iter(values), iter(values)
            assert [next(first) for _ in range(len(seen) or 1)] == [0]
            seen.append((key, isinstance(values, LargeGroup), sum(second), sum(values)))

        def receive_values(self, values: list[Any], template: WindowedValue) -> None:
            raise AssertionError("windows differ")

    while not reader.is_exhausted:
        reader.feed(Receiver(), 1 << 40)
    total = sum(range(4000))
    assert seen == [("a", True, total, total), ("b", False, 0, 0)]


def test_equal_windows_without_length_are_one_session() -> None:
    rows: list[Row] = [("a", 0, 0, 0, 1), ("a", 0, 0, 0, 2), ("a", 1, 2, 0, 3)]
    for cuts in ([], [1], [1, 2]):
        batches = BatchReader(iter(_batches(rows, cuts, False)))
        reader = SessionReader(_elements("sessions"), batches, lambda: None)
        assert [values for _, _, _, values in _read(reader, 1)] == [[1, 2], [3]]


class _Failing(_ByParity):
    def merge(self, merge_context: WindowFn.MergeContext) -> None:
        raise ValueError("no two windows are alike")


def test_an_error_of_the_window_function_names_the_group() -> None:
    elements = _elements("custom")
    batches = BatchReader(iter(_batches([("a", 0, 5, 0, 0)], [], False)))
    reader = MergingReader(elements, batches, lambda: None, _Failing())
    with pytest.raises(RuntimeFailure, match="no two windows are alike") as failure:
        _read(reader, 1)
    assert failure.value.code == "runtime/user-function-failed"
    assert failure.value.transform == "Visits/Group"


class _MergesTwice(_ByParity):
    def merge(self, merge_context: WindowFn.MergeContext) -> None:
        windows = list(merge_context.windows)
        merge_context.merge(windows, _window(0, 50))
        merge_context.merge(windows[:1], _window(0, 60))


class _MergesToText(_ByParity):
    def merge(self, merge_context: WindowFn.MergeContext) -> None:
        merge_context.merge(list(merge_context.windows), "no window")


@pytest.mark.parametrize(
    ("window_fn", "is_encoded", "code", "message"),
    [
        (_MergesTwice(), False, "runtime/user-function-failed", "is merged already"),
        (_MergesToText(), False, "runtime/value-not-encodable", "'no window' is no window"),
        (_MergesToText(), True, "runtime/value-not-encodable", "'no window' is no window"),
    ],
)
def test_a_merge_that_can_not_be_is_a_failure_of_the_group(
    window_fn: WindowFn, is_encoded: bool, code: str, message: str
) -> None:
    elements = _elements("custom", coder=PickleCoder() if is_encoded else None)
    rows = [("a", 0, 5, 0, 0), ("a", 7, 9, 0, 1)]
    batches = BatchReader(iter(_batches(rows, [], is_encoded)))
    reader = MergingReader(elements, batches, lambda: None, window_fn)
    with pytest.raises(RuntimeFailure, match=message) as failure:
        _read(reader, 1)
    assert (failure.value.code, failure.value.transform) == (code, "Visits/Group")
