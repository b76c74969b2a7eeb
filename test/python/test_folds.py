"""Pre-aggregation: what leaves the worker adds up to what Python's own arithmetic gives."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from typing import Any

import pyarrow as pa
import pytest
from apache_beam.coders import coders
from apache_beam.transforms.window import GlobalWindows, IntervalWindow
from apache_beam.utils.windowed_value import WindowedValue
from beam2spark_runtime import folds
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.folds import FoldingSink
from beam2spark_runtime.layouts import parse_layout
from beam2spark_runtime.port import create_columns
from stage_files import DOUBLE, GLOBAL, INTERVAL, UTF8, VARINT, encoded, keyed, layout

_GLOBAL = GlobalWindows.windowed_value(None)


def _fold(
    kind: str,
    key: dict[str, Any],
    value: dict[str, Any],
    groups: list[tuple[WindowedValue, list[Any]]],
    window: dict[str, Any] = GLOBAL,
) -> list[tuple[Any, ...]]:
    described = parse_layout(layout(keyed(key, value), window=window))
    batches: list[list[pa.Array]] = []
    columns = create_columns(described, lambda _: coders.FastPrimitivesCoder())
    sink = FoldingSink(kind, described, columns, "Fold", batches.append)
    for template, values in groups:
        sink.collect(values, template)
    sink.flush()
    rows: list[tuple[Any, ...]] = []
    for key_array, value_array, *metadata in batches:
        read = [columns[0].read(key_array), columns[1].read(value_array)]
        rows += zip(*read, *(m.to_pylist() for m in metadata), strict=True)
    return rows


def test_integer_sums_do_not_overflow_on_the_way() -> None:
    random_ = random.Random(3)
    expected: dict[str, int] = defaultdict(int)
    values = []
    for _ in range(2000):
        key = random_.choice("abc")
        value = random_.choice([2**63 - 1, -(2**63), 1, random_.randint(-(2**63), 2**63 - 1)])
        if key == "a":
            value = 2**63 - 1
        expected[key] += value
        values.append((key, value))
    rows = _fold("sum", UTF8, VARINT, [(_GLOBAL, values)])
    summed: dict[str, int] = defaultdict(int)
    for key, value in rows:
        assert -(2**63) <= value < 2**63
        summed[key] += value
    assert summed == expected
    assert len(rows) < 1000


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("sum", {"a": 4, "b": 5}),
        ("min", {"a": -1, "b": 5}),
        ("max", {"a": 3, "b": 5}),
        ("count", {"a": 3, "b": 1}),
    ],
)
def test_every_fold(kind: str, expected: dict[str, int]) -> None:
    values = [("a", 3), ("b", 5), ("a", 2), ("a", -1)]
    rows = _fold(kind, UTF8, VARINT, [(_GLOBAL, values[:2]), (_GLOBAL, values[2:])])
    assert dict(rows) == expected
    assert len(rows) == 2


def test_keys_that_python_holds_for_equal_stay_apart() -> None:
    values = [(0.0, 1), (-0.0, 1), (float("nan"), 1), (0.0, 1), (float("nan"), 1)]
    rows = _fold("sum", DOUBLE, VARINT, [(_GLOBAL, values)])
    assert sorted((math.copysign(1, k), n) for k, n in rows if k == 0) == [(-1, 1), (1, 2)]
    assert sum(n for k, n in rows if k != k) == 2
    mixed = [(1, 1), (True, 1), (1.0, 1), ("1", 1), (1, 1)]
    rows = _fold("sum", encoded("fast"), VARINT, [(_GLOBAL, mixed)])
    assert sorted((repr(k), n) for k, n in rows) == [("'1'", 1), ("1", 2), ("1.0", 1), ("True", 1)]


def test_windows_are_folded_apart_and_every_window_counts() -> None:
    first, second = IntervalWindow(0, 10), IntervalWindow(5, 15)
    both = WindowedValue(None, 6, (first, second))
    one = WindowedValue(None, 1, (first,))
    rows = _fold(
        "sum", UTF8, VARINT, [(both, [("a", 1), ("a", 2)]), (one, [("a", 10)])], window=INTERVAL
    )
    assert sorted(rows) == [("a", 3, 5000, 15000), ("a", 13, 0, 10000)]


def test_a_full_table_is_emptied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds, "TABLE_BYTES", 10_000)
    values = [(f"key{i % 500}", 1) for i in range(5000)]
    for key in (UTF8, encoded("fast")):
        rows = _fold("sum", key, VARINT, [(_GLOBAL, [value]) for value in values])
        counts: dict[str, int] = defaultdict(int)
        for name, count in rows:
            counts[name] += count
        assert counts == {f"key{i}": 10 for i in range(500)}
        assert len(rows) > 500


@pytest.mark.parametrize("kind", ["sum", "max"])
@pytest.mark.parametrize("bad", [(None, 1), ([], 1), 5, ("a", "x"), ("a",), ("a", None)])
def test_bad_elements_are_refused_with_the_transform(bad: Any, kind: str) -> None:
    for good in ([], [("a", 1)]):
        with pytest.raises(RuntimeFailure) as raised:
            _fold(kind, UTF8, VARINT, [(_GLOBAL, [*good, bad])])
        assert raised.value.transform == "Fold"


def test_an_integer_beyond_its_coder_is_refused_and_not_split_for_ever() -> None:
    with pytest.raises(RuntimeFailure) as raised:
        _fold("sum", UTF8, VARINT, [(_GLOBAL, [("a", 10**30)])])
    assert raised.value.transform == "Fold"
