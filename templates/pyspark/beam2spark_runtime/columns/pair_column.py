"""`kv` below the top: a pair as a struct of its key and value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from ..errors import ValueNotEncodable
from .column import Column, refuse_nulls


class PairColumn(Column):
    def __init__(self, key: Column, value: Column):
        self.key = key
        self.value = value
        self.arrow_type = pa.struct([("key", key.arrow_type), ("value", value.arrow_type)])
        self.is_atomic = False
        sizes = (key.fixed_size, value.fixed_size)
        self.fixed_size = None if None in sizes else sum(sizes)

    def read(self, array: pa.Array) -> list[tuple[Any, Any]]:
        refuse_nulls(array)
        keys, values = array.flatten()
        return list(zip(self.key.read(keys), self.value.read(values), strict=True))

    def capture(self, value: Any) -> tuple[Any, Any]:
        key, item = unpack_pair(value)
        return self.key.capture(key), self.value.capture(item)

    def measure(self, captured: Sequence[tuple[Any, Any]]) -> int:
        keys = self.key.measure([pair[0] for pair in captured])
        return keys + self.value.measure([pair[1] for pair in captured])

    def write(self, captured: list[tuple[Any, Any]]) -> pa.Array:
        keys = self.key.write([pair[0] for pair in captured])
        values = self.value.write([pair[1] for pair in captured])
        return pa.StructArray.from_arrays([keys, values], fields=list(self.arrow_type))


def unpack_pair(value: Any) -> tuple[Any, Any]:
    """The two parts of anything that Beam's tuple coder takes for a pair."""
    try:
        key, item = value
    except (TypeError, ValueError) as error:
        shown = repr(value)[:200]
        raise ValueNotEncodable(f"{shown} ({type(value).__name__}) is not a pair") from error
    return key, item
