"""Beam's ReadFromParquet, exactly: a dictionary for each row of the files that match.

Files come from Beam's own matching. Spark's Parquet source reads them where all of them have the
same columns, of types that it reads as pyarrow does; otherwise Beam's source reads them, split into
ranges and spread over tasks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.internal import pickler
from apache_beam.io.filesystem import CompressionTypes, FileMetadata
from apache_beam.io.filesystems import FileSystems
from apache_beam.io.iobase import SourceBundle
from apache_beam.io.parquetio import _ArrowTableToRowDictionaries, _ParquetSource
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from .columns.record_column import encode_record
from .matched_files import is_plain, match_files, names_file
from .parquet_types import is_read_alike
from .sinks import BATCH_BYTES, ROW_BYTES
from .worker_setup import WorkerSetup

_RANGE_BYTES = 64 << 20
_FOOTERS_AT_ONCE = 16
_SCHEMA = pa.schema([("value", pa.binary())])
_to_dictionaries = _ArrowTableToRowDictionaries().process


def read_parquet(
    spark: SparkSession,
    pattern: str,
    columns: Sequence[str] | None,
    setup: WorkerSetup,
    slots: int,
) -> DataFrame:
    """The rows of all files that match, in a column `value` of the layout `record`."""
    filled = [file for file in match_files(pattern) if file.size_in_bytes]
    schema = find_common_schema(filled, columns)
    if schema is None:
        return _read_by_beam(spark, pattern, columns, setup, slots)
    reader = spark.read.schema(from_arrow_schema(schema, prefer_timestamp_ntz=True))
    # Days and microseconds as they are in the file, whichever calendar its writer had.
    rows = reader.option("datetimeRebaseMode", "CORRECTED").parquet(*[file.path for file in filled])
    return rows.select(F.struct(*map(_quote, schema.names)).alias("value"))


def find_common_schema(
    files: Sequence[FileMetadata], columns: Sequence[str] | None
) -> pa.Schema | None:
    """The columns that all files have, in their order; None where Spark would not read them as
    Beam does.
    """
    if not files or not all(is_plain(file.path) for file in files):
        return None
    with ThreadPoolExecutor(_FOOTERS_AT_ONCE) as threads:
        schemas = list(threads.map(partial(_read_schema, columns=columns), files))
    first = schemas[0]
    if first is None or not all(schema is not None and schema.equals(first) for schema in schemas):
        return None
    return first


def _read_schema(file: FileMetadata, columns: Sequence[str] | None) -> pa.Schema | None:
    """The columns of a file that are read, without metadata; None where they aren't read alike."""
    with FileSystems.open(file.path, compression_type=CompressionTypes.UNCOMPRESSED) as opened:
        try:
            parquet = pq.ParquetFile(opened)
            fields = parquet.read_row_groups([], columns).schema.remove_metadata()
        except pa.ArrowException:
            # Beam's source says what is wrong with it.
            return None
        return fields if is_read_alike(parquet, fields) else None


def _quote(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def _read_by_beam(
    spark: SparkSession,
    pattern: str,
    columns: Sequence[str] | None,
    setup: WorkerSetup,
    slots: int,
) -> DataFrame:
    source = _ParquetSource(pattern, columns=columns)
    ranges = [pickler.dumps(bundle) for bundle in source.split(_RANGE_BYTES)]

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        setup.prepare()
        for batch in batches:
            for position in batch.column(0).to_pylist():
                yield from _batch_records(read_range(pickler.loads(ranges[position])))

    tasks = max(1, min(len(ranges), 4 * slots))
    return spark.range(len(ranges), numPartitions=tasks).mapInArrow(read, "value binary")


def read_range(part: SourceBundle) -> Iterator[bytes]:
    """The rows of a range of a file, by Beam's reader, encoded."""
    tracker = part.source.get_range_tracker(part.start_position, part.stop_position)
    with names_file(part.source._file_name):
        for table in part.source.read(tracker):
            yield from map(encode_record, _to_dictionaries(table))


def _batch_records(records: Iterator[bytes]) -> Iterator[pa.RecordBatch]:
    """Records in batches of about a mebibyte."""
    waiting: list[bytes] = []
    size = 0
    for record in records:
        waiting.append(record)
        size += len(record) + ROW_BYTES
        if size >= BATCH_BYTES:
            yield pa.record_batch([pa.array(waiting, pa.binary())], schema=_SCHEMA)
            waiting = []
            size = 0
    if waiting:
        yield pa.record_batch([pa.array(waiting, pa.binary())], schema=_SCHEMA)
