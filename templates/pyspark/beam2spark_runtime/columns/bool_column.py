"""`bool`: True and False, and nothing that merely counts as them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import BooleanCoder

from .column import Column, round_trip

_CODER = BooleanCoder().get_impl()
_EXACT = frozenset({bool})


class BoolColumn(Column):
    arrow_type = pa.bool_()
    fixed_size = 1

    def write(self, captured: list[Any]) -> pa.Array:
        if not _EXACT.issuperset(map(type, captured)):
            captured = round_trip(_CODER, captured)
        return pa.array(captured, pa.bool_())
