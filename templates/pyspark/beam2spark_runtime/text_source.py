"""Beam's ReadFromText (default coder and delimiter, no header, newlines stripped), exactly.

Files come from Beam's own matching. Spark's text source reads those for which its lines are Beam's;
Beam's reader reads the others, split into ranges and spread over tasks. Where the two differ: Spark
passes over names that begin with `_` or `.`, takes `k=v` folders for columns, knows other
compressed extensions, drops a byte order mark, and strips a lone `\\r` at the end of a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from apache_beam.coders.coders import StrUtf8Coder
from apache_beam.io.filebasedsource import (
    _determine_splittability_from_compression_type,
    _SingleFileSource,
)
from apache_beam.io.filesystem import CompressionTypes, FileMetadata
from apache_beam.io.filesystems import FileSystems
from apache_beam.io.textio import _TextSource
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .matched_files import is_plain, match_files, names_file
from .sinks import BATCH_BYTES, ROW_BYTES
from .worker_setup import WorkerSetup

_RANGE_BYTES = 64 << 20
_SCHEMA = pa.schema([("value", pa.string())])
_STRIPPED = "CASE WHEN endswith(value, '\\r') THEN left(value, length(value) - 1) ELSE value END"


@dataclass(frozen=True)
class TextRange:
    """A part of a file for Beam's reader: the lines that start at `start` or later and before
    `stop`.
    """

    path: str
    start: int
    stop: int | float


def read_text(
    spark: SparkSession,
    pattern: str,
    compression: str,
    setup: WorkerSetup,
    slots: int,
) -> DataFrame:
    """The lines of all files that match, as `value string`."""
    filled = [file for file in match_files(pattern) if file.size_in_bytes]
    by_spark = [file for file in filled if is_read_alike(file, compression)]
    by_beam = [file for file in filled if file not in by_spark]
    frames = []
    if by_spark:
        frames.append(_read_by_spark(spark, [file.path for file in by_spark]))
    if by_beam:
        ranges = [r for file in by_beam for r in split_file(pattern, file, compression)]
        frames.append(_read_by_beam(spark, pattern, ranges, compression, setup, slots))
    if not frames:
        return spark.createDataFrame([], "value string")
    return frames[0] if len(frames) == 1 else frames[0].union(frames[1])


def is_read_alike(file: FileMetadata, compression: str) -> bool:
    """Whether Spark's text source gives the very lines of a file that Beam's gives."""
    if not is_plain(file.path):
        return False
    if compression not in (CompressionTypes.AUTO, CompressionTypes.UNCOMPRESSED):
        return False
    with FileSystems.open(file.path, compression_type=CompressionTypes.UNCOMPRESSED) as opened:
        head = opened.read(3)
        opened.seek(file.size_in_bytes - 1)
        return head != b"\xef\xbb\xbf" and opened.read(1) != b"\r"


def split_file(pattern: str, file: FileMetadata, compression: str) -> list[TextRange]:
    """A file in ranges for Beam's reader: one, where it can't be split."""
    splittable = _determine_splittability_from_compression_type(file.path, compression)
    source = _SingleFileSource(
        _create_source(pattern, compression),
        file.path,
        0,
        file.size_in_bytes,
        splittable=splittable,
    )
    return [
        TextRange(file.path, part.start_position, part.stop_position)
        for part in source.split(_RANGE_BYTES)
    ]


def read_range(pattern: str, part: TextRange, compression: str) -> Iterator[str]:
    """The lines of a range, by Beam's reader."""
    source = _create_source(pattern, compression)
    splittable = _determine_splittability_from_compression_type(part.path, compression)
    single = _SingleFileSource(source, part.path, part.start, part.stop, splittable=splittable)
    with names_file(part.path):
        yield from single.read(single.get_range_tracker(part.start, part.stop))


def _create_source(pattern: str, compression: str) -> _TextSource:
    return _TextSource(pattern, 0, compression, True, StrUtf8Coder(), validate=False)


def _read_by_spark(spark: SparkSession, paths: Sequence[str]) -> DataFrame:
    lines = spark.read.option("lineSep", "\n").text(list(paths))
    # Of bytes that are no text nobody knows where the last character begins.
    checked = lines.select(F.validate_utf8("value").alias("value"))
    return checked.select(F.expr(_STRIPPED).alias("value"))


def _read_by_beam(
    spark: SparkSession,
    pattern: str,
    ranges: Sequence[TextRange],
    compression: str,
    setup: WorkerSetup,
    slots: int,
) -> DataFrame:
    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        setup.prepare()
        for batch in batches:
            for position in batch.column(0).to_pylist():
                yield from batch_lines(read_range(pattern, ranges[position], compression))

    tasks = min(len(ranges), 4 * slots)
    return spark.range(len(ranges), numPartitions=tasks).mapInArrow(read, "value string")


def batch_lines(lines: Iterator[str]) -> Iterator[pa.RecordBatch]:
    """Lines in batches of about a mebibyte."""
    waiting: list[Any] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line) + ROW_BYTES
        if size >= BATCH_BYTES:
            yield pa.record_batch([pa.array(waiting, pa.string())], schema=_SCHEMA)
            waiting = []
            size = 0
    if waiting:
        yield pa.record_batch([pa.array(waiting, pa.string())], schema=_SCHEMA)
