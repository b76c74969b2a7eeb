"""`record`: dictionaries that a native read made. The column is a struct of the file's own columns,
or the coder's bytes of each dictionary where Beam's reader has read the files.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import FastPrimitivesCoder

from ..errors import ValueNotEncodable
from .column import Column, refuse_nulls

_CODER = FastPrimitivesCoder().get_impl()


class RecordColumn(Column):
    is_atomic = False

    def read(self, array: pa.Array) -> list[dict[str, Any]]:
        refuse_nulls(array)
        values = array.to_pylist()
        if pa.types.is_struct(array.type):
            return values
        decode = _CODER.decode
        return [decode(encoded) for encoded in values]

    def write(self, captured: list[Any]) -> pa.Array:
        raise ValueNotEncodable("a record is made by a native read, never by a stage")


def encode_record(record: dict[str, Any]) -> bytes:
    """A dictionary as a `record` column holds it that isn't a struct."""
    return _CODER.encode(record)
