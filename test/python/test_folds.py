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
from beam2spark_runtime.folds import FoldingSink, FoldTable
from beam2spark_runtime.layouts import parse_layout
from beam2spark_runtime.port import create_columns
from beam2spark_runtime.sinks import ROW_BYTES
from stage_files import BYTES, DOUBLE, GLOBAL, INTERVAL, UTF8, VARINT, encoded, keyed, layout

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


def _add_up(rows: list[tuple[Any, ...]]) -> dict[Any, int]:
    sums: dict[Any, int] = defaultdict(int)
    for key, value in rows:
        assert -(2**63) <= value < 2**63
        sums[key] += value
    return sums


@pytest.mark.parametrize("largest", [2**63 - 1, 2**52, 3])
def test_integer_sums_do_not_overflow_on_the_way(
    largest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FoldingSink, "batch_bytes", 100 * ROW_BYTES)
    random_ = random.Random(3)
    extremes = [largest, -largest - 1, 1]
    values = [(random_.choice("bc"), random_.choice(extremes)) for _ in range(2000)]
    values += [("a", largest)] * 2000
    random_.shuffle(values)
    rows = _fold("sum", UTF8, VARINT, [(_GLOBAL, [value]) for value in values])
    assert _add_up(rows) == _add_up(values)
    assert len(rows) == (3 if largest == 3 else len(rows))
    if largest == 2**52:
        assert 3 < len(rows) < 500


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


def test_elements_are_counted_by_themselves_pairs_too() -> None:
    rows = _fold("count-elements", UTF8, VARINT, [(_GLOBAL, ["a", "b"]), (_GLOBAL, ["a"])])
    assert dict(rows) == {"a": 2, "b": 1}
    pairs = _fold("count-elements", keyed(UTF8, UTF8), VARINT, [(_GLOBAL, [("a", "b")] * 2)])
    assert pairs == [(("a", "b"), 2)]


def test_the_least_text_is_the_first_by_code_points() -> None:
    values = [("a", "\U0001f600"), ("a", "\uffff"), ("a", "é"), ("b", "")]
    assert dict(_fold("min", UTF8, UTF8, [(_GLOBAL, values)])) == {"a": "é", "b": ""}
    assert dict(_fold("max", UTF8, BYTES, [(_GLOBAL, [("a", b"\x7f"), ("a", b"\xff")])])) == {
        "a": b"\xff"
    }


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
    monkeypatch.setattr(FoldingSink, "batch_bytes", 100 * ROW_BYTES)
    values = [(f"key{i % 500}", 1) for i in range(5000)]
    for key in (UTF8, encoded("fast")):
        for table_bytes, most in ((10_000, 5000), (10_000_000, 500)):
            monkeypatch.setattr(folds, "TABLE_BYTES", table_bytes)
            rows = _fold("sum", key, VARINT, [(_GLOBAL, [value]) for value in values])
            assert _add_up(rows) == {f"key{i}": 10 for i in range(500)}
            assert 500 <= len(rows) <= most
            assert (len(rows) == 500) == (most == 500)


def test_parts_are_put_together_before_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folds, "_PART_ROWS", 10)
    emitted: list[list[pa.Array]] = []
    table = FoldTable("sum", emitted.append)
    for start in range(0, 1000, 5):
        keys = [f"key{i % 20}" for i in range(start, start + 5)]
        table.add([pa.array(keys), pa.array([1] * 5)])
        assert len(table._parts) <= 10
    table.drain()
    assert sorted(emitted[0][0].to_pylist()) == sorted(f"key{i}" for i in range(20))
    assert emitted[0][1].to_pylist() == [50] * 20


def test_pairs_are_keys_by_their_parts_and_lists_are_left_to_spark() -> None:
    pair = keyed(UTF8, DOUBLE)
    values = [(("a", 0.0), 1), (("a", -0.0), 1), (("a", 0.0), 1), (("b", 0.0), 1)]
    rows = _fold("sum", pair, VARINT, [(_GLOBAL, values)])
    assert sorted((repr(key), value) for key, value in rows) == [
        ("('a', -0.0)", 1),
        ("('a', 0.0)", 2),
        ("('b', 0.0)", 1),
    ]
    rows = _fold(
        "sum", {"kind": "iterable", "element": UTF8}, VARINT, [(_GLOBAL, [(["a"], 1)] * 2)]
    )
    assert rows == [(["a"], 1), (["a"], 1)]


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
