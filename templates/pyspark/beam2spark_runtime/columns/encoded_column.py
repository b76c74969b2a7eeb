"""`encoded`: the bytes that a Beam coder makes of a value in the outer context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import Coder

from ..errors import RuntimeFailure, ValueNotEncodable
from .column import Column, describe_refusal, refuse_nulls


class EncodedColumn(Column):
    arrow_type = pa.binary()
    is_atomic = False
    may_hold_objects = True

    def __init__(self, coder: Coder):
        self.coder = coder.get_impl()

    def read(self, array: pa.Array) -> list[Any]:
        refuse_nulls(array)
        decode = self.coder.decode
        return [decode(encoded) for encoded in array.to_pylist()]

    def iterate(self, array: pa.Array) -> Iterator[Any]:
        refuse_nulls(array)
        decode = self.coder.decode
        # Not by `map`, which takes a coder's StopIteration for the end of the values.
        return (decode(encoded) for encoded in array.to_pylist())

    def capture(self, value: Any) -> bytes:
        try:
            return self.coder.encode(value)
        except RuntimeFailure:
            raise
        except Exception as error:
            raise ValueNotEncodable(describe_refusal(value, self.coder, error)) from error

    def write(self, captured: list[bytes]) -> pa.Array:
        return pa.array(captured, pa.binary())
