"""`integer`: Python ints of any size that a native sum made, as `decimal(38,0)`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..errors import ValueNotEncodable
from .column import Column, refuse_nulls

_DECIMAL = pa.decimal128(38, 0)
_LIMIT = 10**38


class IntegerColumn(Column):
    arrow_type = _DECIMAL
    fixed_size = 16

    def read(self, array: pa.Array) -> list[int]:
        refuse_nulls(array)
        try:
            return pc.cast(array, pa.int64()).to_pylist()
        except pa.ArrowInvalid:
            return [int(value) for value in array.to_pylist()]

    def write(self, captured: list[Any]) -> pa.Array:
        numbers = []
        for value in captured:
            if not isinstance(value, int):
                raise ValueNotEncodable(f"{value!r} ({type(value).__name__}) is not an integer")
            if abs(value) >= _LIMIT:
                raise ValueNotEncodable("an integer of more than 38 digits has no Spark column")
            numbers.append(Decimal(int(value)))
        return pa.array(numbers, _DECIMAL)
