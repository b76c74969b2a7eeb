"""`bytes`: Python bytes in a binary column."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import BytesCoder

from .column import Column, round_trip

_CODER = BytesCoder().get_impl()
_EXACT = frozenset({bytes})


class BytesColumn(Column):
    arrow_type = pa.binary()

    def write(self, captured: list[Any]) -> pa.Array:
        if not _EXACT.issuperset(map(type, captured)):
            captured = round_trip(_CODER, captured)
        return pa.array(captured, pa.binary())
