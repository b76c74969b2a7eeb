"""`utf8`: Python str in a string column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import StrUtf8Coder

from .column import Column, round_trip

_CODER = StrUtf8Coder().get_impl()


class Utf8Column(Column):
    arrow_type = pa.string()

    def measure(self, captured: Sequence[str]) -> int:
        # Three times as fast as adding up the lengths.
        return len("".join(captured))

    def write(self, captured: list[Any]) -> pa.Array:
        try:
            # Arrow takes bytes for text, and this takes nothing but text.
            "".join(captured)
            return pa.array(captured, pa.string())
        except (TypeError, UnicodeEncodeError):
            # Not text, or a lone surrogate: the round trip says which value it is.
            return pa.array(round_trip(_CODER, captured), pa.string())
