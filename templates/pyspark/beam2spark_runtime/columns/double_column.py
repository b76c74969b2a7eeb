"""`double`: Python floats. An int becomes the float that Beam's coder makes of it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import FloatCoder

from .column import Column, round_trip

_CODER = FloatCoder().get_impl()
_EXACT = frozenset({float})


class DoubleColumn(Column):
    arrow_type = pa.float64()
    fixed_size = 8

    def write(self, captured: list[Any]) -> pa.Array:
        if not _EXACT.issuperset(map(type, captured)):
            captured = round_trip(_CODER, captured)
        return pa.array(captured, pa.float64())
