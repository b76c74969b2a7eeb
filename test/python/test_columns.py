"""Columns against Beam's coders: a value comes out of a column as it comes from its coder."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from apache_beam.coders import coders
from beam2spark_runtime.columns import create_column
from beam2spark_runtime.errors import ValueNotEncodable

FAST = coders.FastPrimitivesCoder()


def _column(layout: dict[str, Any]) -> Any:
    return create_column(layout, lambda _: FAST)


def _pass(layout: dict[str, Any], values: list[Any]) -> list[Any]:
    column = _column(layout)
    array = column.write([column.capture(value) for value in values])
    assert array.type == column.arrow_type
    return column.read(array)


class _Text(str):
    pass


@pytest.mark.parametrize(
    ("kind", "coder", "values"),
    [
        ("bytes", coders.BytesCoder(), [b"", b"\x00\xff", b"a" * 1000]),
        ("utf8", coders.StrUtf8Coder(), ["", "naïve", "\x00", "𝔘", _Text("sub")]),
        ("bool", coders.BooleanCoder(), [True, False, 1, None]),
        ("varint", coders.VarIntCoder(), [0, -1, 2**63 - 1, -(2**63), True, np.int64(7), 1.5]),
        ("double", coders.FloatCoder(), [0.0, -0.0, 1.5, float("inf"), 1, True]),
    ],
)
def test_typed_columns_are_coder_round_trips(kind: str, coder: Any, values: list[Any]) -> None:
    expected = [coder.decode(coder.encode(value)) for value in values]
    assert repr(_pass({"kind": kind}, values)) == repr(expected)
    assert [type(v) for v in _pass({"kind": kind}, values)] == [type(v) for v in expected]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("bytes", "text"),
        ("bytes", None),
        ("utf8", b"bytes"),
        ("utf8", None),
        ("utf8", 3),
        ("utf8", "\ud800"),
        ("varint", None),
        ("varint", 2**63),
        ("varint", "1"),
        ("double", None),
        ("double", "1.5"),
        ("integer", 1.5),
        ("integer", 10**38),
    ],
)
def test_typed_columns_refuse_what_coders_refuse(kind: str, value: Any) -> None:
    column = _column({"kind": kind})
    good = {"bytes": b"", "utf8": "", "bool": True, "varint": 1, "double": 1.0, "integer": 1}[kind]
    with pytest.raises(ValueNotEncodable, match="encoded|integer"):
        column.write([good, value, good])


def test_nan_comes_back() -> None:
    assert math.isnan(_pass({"kind": "double"}, [float("nan")])[0])


def test_integers_of_any_size() -> None:
    values = [0, 2**70, -(2**70), 5]
    assert _pass({"kind": "integer"}, values) == values
    assert all(type(value) is int for value in _pass({"kind": "integer"}, [1, True]))


def test_quotients_divide_as_python_does() -> None:
    column = _column({"kind": "quotient"})
    totals = [{"total": 10**20 + 1, "count": 3}, {"total": 1, "count": 3}, {"total": 0, "count": 0}]
    result = column.read(pa.array(totals, column.arrow_type))
    assert result[:2] == [(10**20 + 1) / 3, 1 / 3]
    assert math.isnan(result[2])


def test_nested_layouts() -> None:
    pair = {"kind": "kv", "key": {"kind": "utf8"}, "value": {"kind": "varint"}}
    assert _pass(pair, [("a", 1), ["b", True]]) == [("a", 1), ("b", 1)]
    words = {"kind": "iterable", "element": {"kind": "utf8"}}
    assert _pass(words, [[], ("a", "b"), iter("cd"), "ef"]) == [
        [],
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
    ]
    maybe = {"kind": "nullable", "value": {"kind": "double"}}
    assert _pass(maybe, [None, 1.0, None]) == [None, 1.0, None]
    assert _pass(maybe, [None]) == [None]
    assert _pass({"kind": "nullable", "value": words}, [None, [], ["a"]]) == [None, [], ["a"]]
    deep = {"kind": "iterable", "element": {"kind": "nullable", "value": pair}}
    assert _pass(deep, [[None, ("a", 1)], [], [("b", 2)]]) == [[None, ("a", 1)], [], [("b", 2)]]
    objects = {"kind": "kv", "key": {"kind": "encoded", "coder": "c"}, "value": words}
    assert _pass(objects, [({"x": 1}, ["a"]), (None, [])]) == [({"x": 1}, ["a"]), (None, [])]


def test_slices_read_their_own_rows() -> None:
    for layout, values in [
        ({"kind": "iterable", "element": {"kind": "varint"}}, [[1], [2, 3], [], [4]]),
        ({"kind": "kv", "key": {"kind": "utf8"}, "value": {"kind": "bool"}}, [("a", True)] * 4),
        ({"kind": "nullable", "value": {"kind": "varint"}}, [1, None, None, 4]),
    ]:
        column = _column(layout)
        array = column.write([column.capture(value) for value in values])
        assert column.read(array.slice(1, 2)) == values[1:3]


def test_captured_lists_do_not_follow_the_original() -> None:
    column = _column({"kind": "iterable", "element": {"kind": "varint"}})
    original = [1, 2]
    captured = column.capture(original)
    original.append(3)
    assert column.read(column.write([captured])) == [[1, 2]]


def test_nested_refusals() -> None:
    pair = _column({"kind": "kv", "key": {"kind": "utf8"}, "value": {"kind": "varint"}})
    for value in [("a",), 5, None, ("a", 1, 2)]:
        with pytest.raises(ValueNotEncodable, match="not a pair"):
            pair.capture(value)
    with pytest.raises(ValueNotEncodable, match="iterated"):
        _column({"kind": "iterable", "element": {"kind": "utf8"}}).capture(5)
    encoded = create_column({"kind": "encoded", "coder": "c"}, lambda _: coders.VarIntCoder())
    with pytest.raises(ValueNotEncodable, match="NoneType"):
        encoded.capture(None)
