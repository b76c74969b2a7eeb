"""Which columns of a Parquet file Spark reads as pyarrow does, value for value.

Both sides are held against each other: the type that pyarrow gives, and how the file says that it
lies there. What isn't listed is not alike, or not known to be: unsigned integers and times have no
Spark type, a timestamp with a zone comes back in the session's zone, one in nanoseconds is cut.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

_NONE = "NONE"
# By the type that pyarrow gives: how it may lie in the file.
_LOGICAL: dict[pa.DataType, frozenset[str]] = {
    pa.bool_(): frozenset({_NONE}),
    pa.int8(): frozenset({"INT"}),
    pa.int16(): frozenset({"INT"}),
    pa.int32(): frozenset({_NONE, "INT"}),
    pa.int64(): frozenset({_NONE, "INT"}),
    pa.float32(): frozenset({_NONE}),
    pa.float64(): frozenset({_NONE}),
    pa.string(): frozenset({"STRING"}),
    pa.binary(): frozenset({_NONE}),
    pa.date32(): frozenset({"DATE"}),
    pa.timestamp("ms"): frozenset({"TIMESTAMP"}),
    pa.timestamp("us"): frozenset({"TIMESTAMP"}),
}
_LARGEST_PRECISION = 38


def is_read_alike(file: pq.ParquetFile, fields: pa.Schema) -> bool:
    """Whether Spark gives the very values of these fields of a file that pyarrow gives."""
    columns = {}
    for index in range(len(file.schema)):
        column = file.schema.column(index)
        columns[column.path] = column
    return bool(len(fields)) and all(
        _are_alike(leaf, columns.get(path)) for path, leaf in _list_leaves(fields, "")
    )


def _are_alike(leaf: pa.DataType | None, column: pq.ColumnSchema | None) -> bool:
    if leaf is None or column is None:
        return False
    logical = column.logical_type.type
    if pa.types.is_decimal128(leaf):
        return logical == "DECIMAL" and 0 <= leaf.scale <= leaf.precision <= _LARGEST_PRECISION
    return column.physical_type != "INT96" and logical in _LOGICAL.get(leaf, ())


def _list_leaves(
    fields: pa.Schema | pa.StructType, prefix: str
) -> Iterator[tuple[str, pa.DataType | None]]:
    """The paths and types of all leaves, with None for what no file is read alike with.

    Spark looks names up without regard to case, and a list has had several forms in its time.
    """
    fields = list(fields)
    if not fields or len({field.name.lower() for field in fields}) < len(fields):
        yield prefix, None
    for field in fields:
        yield from _list_leaves_of(field.type, prefix + field.name)


def _list_leaves_of(kind: pa.DataType, path: str) -> Iterator[tuple[str, pa.DataType | None]]:
    if pa.types.is_struct(kind):
        yield from _list_leaves(kind, f"{path}.")
    elif pa.types.is_list(kind):
        yield from _list_leaves_of(kind.value_type, f"{path}.list.{kind.value_field.name}")
    else:
        yield path, kind
