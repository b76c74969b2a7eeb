"""`varint`: 64-bit signed integers. `True` is 1, as it is after Beam's coder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.coders.coders import VarIntCoder

from .column import Column, round_trip

_CODER = VarIntCoder().get_impl()
_EXACT = frozenset({int})


class VarintColumn(Column):
    arrow_type = pa.int64()
    fixed_size = 8

    def write(self, captured: list[Any]) -> pa.Array:
        if _EXACT.issuperset(map(type, captured)):
            try:
                return pa.array(np.fromiter(captured, np.int64, len(captured)))
            except OverflowError:
                pass  # Beyond 64 bits: the round trip says which value it is.
        return pa.array(round_trip(_CODER, captured), pa.int64())
