"""`quotient`: a mean of ints as its total and count, divided here as Python divides."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ..errors import ValueNotEncodable
from .column import Column, refuse_nulls
from .integer_column import IntegerColumn

_TOTALS = IntegerColumn()


class QuotientColumn(Column):
    arrow_type = pa.struct([("total", pa.decimal128(38, 0)), ("count", pa.int64())])
    fixed_size = 24

    def read(self, array: pa.Array) -> list[float]:
        refuse_nulls(array)
        totals, counts = array.flatten()
        return [
            total / count if count else float("nan")
            for total, count in zip(_TOTALS.read(totals), counts.to_pylist(), strict=True)
        ]

    def write(self, captured: list[Any]) -> pa.Array:
        raise ValueNotEncodable("a quotient is made by a native mean, never by a stage")
