"""The kinds of columns, one per file, and the list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from apache_beam.coders.coders import Coder

from .bool_column import BoolColumn
from .bytes_column import BytesColumn
from .column import Column
from .double_column import DoubleColumn
from .encoded_column import EncodedColumn
from .integer_column import IntegerColumn
from .iterable_column import IterableColumn
from .nullable_column import NullableColumn
from .pair_column import PairColumn
from .quotient_column import QuotientColumn
from .record_column import RecordColumn
from .utf8_column import Utf8Column
from .varint_column import VarintColumn

__all__ = ["Column", "create_column"]

_SIMPLE: dict[str, type[Column]] = {
    "bytes": BytesColumn,
    "utf8": Utf8Column,
    "bool": BoolColumn,
    "varint": VarintColumn,
    "double": DoubleColumn,
    "integer": IntegerColumn,
    "quotient": QuotientColumn,
    "record": RecordColumn,
}


def create_column(layout: Mapping[str, Any], find_coder: Callable[[str], Coder]) -> Column:
    """The column of a value layout. `find_coder` gives the coder of an id of the descriptor.

    Raises KeyError for a kind that the runtime doesn't know: the compiler and the runtime differ.
    """

    def create(part: Mapping[str, Any]) -> Column:
        kind = part["kind"]
        if kind == "encoded":
            return EncodedColumn(find_coder(part["coder"]))
        if kind == "nullable":
            return NullableColumn(create(part["value"]))
        if kind == "iterable":
            return IterableColumn(create(part["element"]))
        if kind == "kv":
            return PairColumn(create(part["key"]), create(part["value"]))
        return _SIMPLE[kind]()

    return create(layout)
