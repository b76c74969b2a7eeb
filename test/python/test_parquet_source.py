"""Spark's Parquet source gives what pyarrow gives, or Beam's source is used."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.filesystems import FileSystems
from beam2spark_runtime import parquet_source
from beam2spark_runtime.columns.record_column import RecordColumn
from beam2spark_runtime.failures import describe_error
from beam2spark_runtime.options import RuntimeOptions
from beam2spark_runtime.parquet_source import find_common_schema, read_parquet
from beam2spark_runtime.worker_setup import WorkerSetup
from pyspark.sql import DataFrame, SparkSession

_SETUP = WorkerSetup("job", RuntimeOptions(), "{}", None, None, None)
_NAN = float("nan")
_WALL = datetime.datetime(1582, 10, 4, 23, 59, 59, 999_999)

# Values that Spark reads, by the type that they are written with.
_ALIKE: Mapping[str, tuple[pa.DataType, list[Any]]] = {
    "bool": (pa.bool_(), [True, False, None]),
    "int8": (pa.int8(), [-128, 127, None]),
    "int16": (pa.int16(), [-32768, 32767]),
    "int32": (pa.int32(), [-(2**31), 2**31 - 1]),
    "int64": (pa.int64(), [-(2**63), 2**63 - 1, None]),
    "float": (pa.float32(), [0.1, -0.0, _NAN, float("inf"), None]),
    "double": (pa.float64(), [0.1, -0.0, _NAN, 5e-324, None]),
    "string": (pa.string(), ["", "ünï\0", "𝄞" * 9, None]),
    "binary": (pa.binary(), [b"", b"\xff\0", None]),
    "date": (
        pa.date32(),
        [datetime.date(1, 1, 1), datetime.date(1582, 10, 10), datetime.date(9999, 12, 31), None],
    ),
    "small decimal": (pa.decimal128(5, 2), [Decimal("-1.50"), Decimal("999.99"), None]),
    "large decimal": (pa.decimal128(38, 10), [Decimal("-0.3333333333"), Decimal(10**27), None]),
    "wall clock": (pa.timestamp("us"), [_WALL, datetime.datetime(1, 1, 1), None]),
    "wall clock in ms": (pa.timestamp("ms"), [datetime.datetime(2024, 2, 29, 1, 2, 3), None]),
    "list": (pa.list_(pa.int32()), [[], [1, None], None]),
    "list of lists": (pa.list_(pa.list_(pa.string())), [[["a"], None, []], [], None]),
    "struct": (
        pa.struct([("x", pa.int8()), ("y", pa.list_(pa.struct([("z", pa.string())])))]),
        [{"x": 1, "y": [{"z": "s"}, None]}, {"x": None, "y": None}, None],
    ),
}

# Values that Beam's source reads: Spark has no such type, or gives others.
_APART: Mapping[str, tuple[pa.DataType, list[Any]]] = {
    "uint64": (pa.uint64(), [2**64 - 1, None]),
    "uint8": (pa.uint8(), [255]),
    "null": (pa.null(), [None]),
    "time": (pa.time64("us"), [datetime.time(1, 2, 3, 4)]),
    "nanoseconds": (pa.timestamp("ns"), [1_700_000_000_000_000_000]),
    "zone": (pa.timestamp("us", tz="Europe/Paris"), [datetime.datetime(2024, 1, 1)]),
    "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1)]]),
    "half float": (pa.float16(), [1.5]),
    "dictionary": (pa.dictionary(pa.int8(), pa.string()), ["a", "b", "a"]),
    "wide decimal": (pa.decimal256(40, 1), [Decimal("1.5")]),
    "fixed bytes": (pa.binary(2), [b"ab"]),
    "duration": (pa.duration("us"), [datetime.timedelta(seconds=1)]),
}


def _write(path: Path, columns: Mapping[str, tuple[pa.DataType, list[Any]]], **options: Any) -> str:
    length = max(len(values) for _, values in columns.values())
    arrays = {
        name: pa.array(values + values[:1] * (length - len(values)), kind)
        for name, (kind, values) in columns.items()
    }
    pq.write_table(pa.table(arrays), path, row_group_size=2, **options)
    return str(path)


def _match(pattern: str) -> list[FileMetadata]:
    return FileSystems.match([pattern])[0].metadata_list


def _collect(frame: DataFrame) -> list[str]:
    """The records, each as text that tells 0.0 from -0.0, 1 from True and NaN from nothing."""
    table = frame.toArrow()
    assert table.schema.names == ["value"]
    chunks = table.column(0).chunks
    return sorted(repr(value) for chunk in chunks for value in RecordColumn().read(chunk))


def _expect(*paths: str, columns: list[str] | None = None) -> list[str]:
    tables = [pq.ParquetFile(path).read(columns) for path in paths]
    return sorted(repr(row) for table in tables for row in table.to_pylist())


@pytest.mark.parametrize("name", _ALIKE)
def test_a_type_is_read_by_spark(spark: SparkSession, tmp_path: Path, name: str) -> None:
    path = _write(tmp_path / "a.parquet", {"x": _ALIKE[name]})
    assert find_common_schema(_match(path), None) is not None
    assert _collect(read_parquet(spark, path, None, _SETUP, 2)) == _expect(path)


def test_other_types_are_read_by_beam(spark: SparkSession, tmp_path: Path) -> None:
    for name, column in _APART.items():
        path = _write(tmp_path / "a.parquet", {"x": column})
        assert find_common_schema(_match(path), None) is None, name
        nested = {"x": (pa.list_(pa.struct([("y", column[0])])), [[{"y": v}] for v in column[1]])}
        if name not in ("dictionary", "half float"):
            path = _write(tmp_path / "a.parquet", nested)
            assert find_common_schema(_match(path), None) is None, name
    path = _write(tmp_path / "a.parquet", _APART)
    assert _collect(read_parquet(spark, path, None, _SETUP, 2)) == _expect(path)
    table = pa.table({"x": pa.array([datetime.datetime(2024, 1, 1)], pa.timestamp("us"))})
    pq.write_table(table, path, use_deprecated_int96_timestamps=True)
    assert find_common_schema(_match(path), None) is None


@pytest.mark.parametrize("alike", [True, False])
def test_columns_are_chosen_as_pyarrow_chooses_them(
    spark: SparkSession, tmp_path: Path, alike: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path / "a.parquet", {**_ALIKE, "a.b`c": (pa.int32(), [1])})
    if not alike:
        monkeypatch.setattr(parquet_source, "find_common_schema", lambda *_: None)
    for columns in (["struct.y", "int8"], ["double"], ["a.b`c", "list of lists", "list"]):
        assert _collect(read_parquet(spark, path, columns, _SETUP, 2)) == _expect(
            path, columns=columns
        )


def test_files_that_differ_are_read_by_beam(spark: SparkSession, tmp_path: Path) -> None:
    one = _write(tmp_path / "1.parquet", {"x": (pa.int32(), [1]), "y": (pa.int32(), [1])})
    other = _write(tmp_path / "2.parquet", {"y": (pa.int32(), [2]), "x": (pa.int32(), [2])})
    pattern = str(tmp_path / "*")
    assert find_common_schema(_match(pattern), None) is None
    assert _collect(read_parquet(spark, pattern, None, _SETUP, 2)) == _expect(one, other)


def test_names_that_spark_takes_otherwise_are_read_by_beam(
    spark: SparkSession, tmp_path: Path
) -> None:
    whole = Path(_write(tmp_path / "whole", {"x": (pa.int32(), [1, 2])})).read_bytes()
    folder = tmp_path / "k=v"
    folder.mkdir()
    for name, content in {
        "_hidden": whole,
        "a b": whole,
        "empty": b"",
    }.items():
        (folder / name).write_bytes(content)
    pattern = str(folder / "*")
    assert find_common_schema(_match(pattern), None) is None
    rows = _collect(read_parquet(spark, pattern, None, _SETUP, 2))
    assert rows == sorted(["{'x': 1}", "{'x': 2}"] * 2)


def test_cases_and_old_lists_are_read_by_beam(tmp_path: Path) -> None:
    path = _write(tmp_path / "a", {"x": (pa.int32(), [1]), "X": (pa.int32(), [2])})
    assert find_common_schema(_match(path), None) is None
    path = _write(
        tmp_path / "b", {"x": (pa.list_(pa.int32()), [[1]])}, use_compliant_nested_type=False
    )
    assert find_common_schema(_match(path), None) is not None
    path = _write(tmp_path / "c", {"x": (pa.large_list(pa.int32()), [[1]])})
    assert find_common_schema(_match(path), None) is None


def test_empty_files(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "a"
    pq.write_table(pa.table({"x": pa.array([], pa.int32())}), path)
    assert _collect(read_parquet(spark, str(path), None, _SETUP, 2)) == []
    path.write_bytes(b"")
    assert _collect(read_parquet(spark, str(path), None, _SETUP, 2)) == []
    assert _collect(read_parquet(spark, str(tmp_path / "nothing*"), None, _SETUP, 2)) == []


def test_what_is_not_parquet_fails_as_in_beam(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"no parquet at all")
    with pytest.raises(Exception, match="Parquet magic bytes not found") as raised:
        _collect(read_parquet(spark, str(path), None, _SETUP, 2))
    described = describe_error(raised.value)
    assert described["code"] == "runtime/file-unreadable"
    assert str(path) in described["message"]
    assert described["traceback"] is None
