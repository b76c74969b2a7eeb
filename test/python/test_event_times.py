"""Metadata columns against Beam's windowed value coder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from apache_beam.coders import coders
from apache_beam.transforms.window import GlobalWindow, IntervalWindow
from apache_beam.utils.timestamp import MAX_TIMESTAMP, MIN_TIMESTAMP, Timestamp
from apache_beam.utils.windowed_value import PaneInfo, PaneInfoTiming, WindowedValue
from beam2spark_runtime.event_times import (
    EventTimeReader,
    EventTimeWriter,
    find_changes,
    to_micros,
    to_millis,
)
from beam2spark_runtime.layouts import parse_layout
from beam2spark_runtime.side_input_windows import encode_windows
from stage_files import COLUMN, INTERVAL, VARINT, layout

_LAYOUT = parse_layout(layout(VARINT, timestamp=COLUMN, window=INTERVAL, pane=COLUMN))


class _Collector:
    def __init__(self) -> None:
        self.elements: list[WindowedValue] = []

    def receive(self, element: WindowedValue) -> None:
        self.elements.append(element)

    def receive_values(self, values: list[Any], template: WindowedValue) -> None:
        self.elements += [template.with_value(value) for value in values]


@pytest.mark.parametrize(
    "micros",
    [0, 1, -1, 999, -999, 1000, -1000, -1001, 1_234_567, -1_234_567]
    + [MIN_TIMESTAMP.micros, MAX_TIMESTAMP.micros, GlobalWindow().max_timestamp().micros],
)
def test_timestamps_are_cut_and_restored_as_the_coder_does(micros: int) -> None:
    coder = coders.WindowedValueCoder(coders.VarIntCoder(), coders.GlobalWindowCoder())
    element = WindowedValue(1, Timestamp(micros=micros), (GlobalWindow(),))
    decoded = coder.decode(coder.encode(element))
    assert to_micros(to_millis(micros)) == decoded.timestamp_micros


def _windows(*spans: tuple[float, float]) -> tuple[IntervalWindow, ...]:
    return tuple(IntervalWindow(start, end) for start, end in spans)


def test_elements_come_back_one_for_each_window() -> None:
    early = PaneInfo(True, False, PaneInfoTiming.EARLY, 0, -1)
    third = PaneInfo(False, False, PaneInfoTiming.ON_TIME, 3, 2)
    shared = _windows((0, 10))
    elements = [
        WindowedValue(1, Timestamp(1), shared, early),
        WindowedValue(2, Timestamp(1), shared, early),
        WindowedValue(3, Timestamp(5), _windows((0, 10), (5, 15)), third),
        WindowedValue(4, Timestamp(5), _windows((-10, 0)), third),
        WindowedValue(5, Timestamp(-3), _windows((-10.5, 0.25)), early),
    ]
    writer = EventTimeWriter(_LAYOUT)
    values = []
    for element in elements:
        values += [element.value] * len(element.windows)
        writer.observe(element, 1)
    batch = pa.record_batch(
        [pa.array(values), *writer.write()], ["value", *_LAYOUT.metadata_columns]
    )
    assert batch.num_rows == 6
    collector = _Collector()
    EventTimeReader(_LAYOUT).deliver(values, batch, collector)
    coder = coders.WindowedValueCoder(coders.VarIntCoder(), coders.IntervalWindowCoder())
    expected = [
        coder.decode(coder.encode(WindowedValue(e.value, e.timestamp, (window,), e.pane_info)))
        for e in elements
        for window in e.windows
    ]
    assert collector.elements == expected


def test_windows_that_are_no_intervals_travel_in_their_coders_bytes() -> None:
    encoded = {"kind": "encoded", "coder": "any"}
    described = parse_layout(layout(VARINT, timestamp={"kind": "end-of-window"}, window=encoded))
    assert described.metadata_columns == ["window"]
    coder = coders.PickleCoder().get_impl()
    windows = (GlobalWindow(), *_windows((0, 10), (-5, 0)))
    writer = EventTimeWriter(described, coder)
    writer.observe(WindowedValue(None, Timestamp(0), windows), 2)
    batch = pa.record_batch([pa.array(range(6)), *writer.write()], ["value", "window"])
    collector = _Collector()
    EventTimeReader(described, coder).deliver(list(range(6)), batch, collector)
    assert [e.windows for e in collector.elements] == [(w,) for w in windows for _ in range(2)]
    ends = [GlobalWindow().max_timestamp().micros // 1000 * 1000, 9_999_000, 0]
    assert [e.timestamp_micros for e in collector.elements] == [t for t in ends for _ in range(2)]
    by_bytes = encode_windows(batch, described, coder)
    assert by_bytes == [coder.encode(window) for window in windows for _ in range(2)]


def test_many_distinct_timestamps_keep_their_order() -> None:
    only_time = parse_layout(layout(VARINT, timestamp=COLUMN))
    batch = pa.record_batch(
        [pa.array(range(100)), pa.array(range(1000, 1100))], ["value", "timestamp"]
    )
    collector = _Collector()
    EventTimeReader(only_time).deliver(list(range(100)), batch, collector)
    assert [(e.value, e.timestamp_micros) for e in collector.elements] == [
        (i, (1000 + i) * 1000) for i in range(100)
    ]


def test_constant_metadata() -> None:
    constant = parse_layout(
        layout(VARINT, timestamp={"kind": "constant", "millis": "-9223372036854775"})
    )
    batch = pa.record_batch([pa.array([1])], ["value"])
    collector = _Collector()
    EventTimeReader(constant).deliver([1], batch, collector)
    assert collector.elements == [WindowedValue(1, MIN_TIMESTAMP, (GlobalWindow(),))]


def test_changes_are_found_as_bytes_differ() -> None:
    nan = float("nan")
    floats = pa.array([0.0, -0.0, nan, nan, None, None, 0.0])
    assert find_changes([floats], 7).tolist() == [True, True, False, True, False, True]
    pairs = pa.array([{"a": 1, "b": "x"}, {"a": 1, "b": "x"}, {"a": 1, "b": "y"}])
    assert find_changes([pairs], 3).tolist() == [False, True]
    lists = pa.array([[1], [1], [1, 2], None])
    assert find_changes([lists], 4).tolist() == [False, True, True]
    assert find_changes([pa.array(["a"])], 1).tolist() == []
    both = find_changes([pa.array([1, 1, 2]), pa.array(["a", "b", "b"])], 3)
    assert np.array_equal(both, [True, True])
