"""`varint`: 64-bit signed integers. `True` is 1, as it is after Beam's coder."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pyarrow as pa
from apache_beam.coders.coders import VarIntCoder

from .column import Column, round_trip

_CODER = VarIntCoder().get_impl()


class VarintColumn(Column):
    arrow_type = pa.int64()
    fixed_size = 8

    def write(self, captured: list[Any]) -> pa.Array:
        try:
            # Takes what is an integer, and nothing that would have to be cut.
            return pa.array(np.frombuffer(array("q", captured), np.int64))
        except (OverflowError, TypeError):
            # The round trip says which value it is.
            return pa.array(round_trip(_CODER, captured), pa.int64())
