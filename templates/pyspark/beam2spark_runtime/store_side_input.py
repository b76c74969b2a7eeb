"""Stores a side input that is too large to be sent to every executor: tasks write it to files."""

from __future__ import annotations

from pyspark.sql import DataFrame

from .errors import RuntimeFailure
from .key_hasher import KeyHasher
from .side_input_description import SideInputDescription
from .side_input_writer import SideInputWriter
from .stored_rows import StoredRows
from .worker_setup import WorkerSetup

# A file has about so many bytes of rows: one that has to be copied to executors is copied whole.
_FILE_BYTES = 64 << 20
_MOST_FILES = 1000


def store_side_input(
    frame: DataFrame,
    size: int,
    readers: list[SideInputDescription],
    folder: str,
    setup: WorkerSetup,
    slots: int,
) -> StoredRows:
    """Writes a DataFrame's rows, of about `size` bytes, to files of a qualified folder.

    `readers` is what the stages that read it say of it. Nothing but the files' names comes to the
    driver. Keys that are looked up are spread over the files by their hash and sorted by it; other
    rows stay in their partitions, sorted by window.
    """
    looking_up = [reader for reader in readers if reader.is_looked_up]
    is_looked_up = bool(looking_up)
    description = (looking_up or readers)[0]
    if len({reader.in_workers for reader in looking_up}) > 1:
        raise RuntimeFailure(
            "runtime/side-input-in-two-lanes",
            "a side input that is stored in files is looked up by key both in Spark's Python "
            "workers and in workers of its SDK, which have different bytes for a key",
            hint="raise spark.beam2spark.maxSideInputBytes",
        )
    layout = description.layout
    values = ["key", "value"] if layout.is_keyed else ["value"]
    windows = [name for name in layout.metadata_columns if name.startswith("window")]
    count = max(slots, min(_MOST_FILES, -(-size // _FILE_BYTES)))
    rows = frame.select(*values, *windows)
    if is_looked_up:
        hasher = KeyHasher(description, setup, count, frame.select(*values).schema.fields)
        placed = rows.mapInArrow(hasher.process, hasher.schema).repartition(count, "bucket")
        rows = placed.sortWithinPartitions(*hasher.sort_columns)
    else:
        rows = rows.coalesce(count)
        rows = rows.sortWithinPartitions(*windows) if windows else rows
    writer = SideInputWriter(description, setup, folder)
    written = rows.mapInArrow(writer.process, writer.schema).collect()
    found = sorted((row.bucket, row.path) for row in written)
    if is_looked_up and len({bucket for bucket, _ in found}) < len(found):
        raise RuntimeFailure(
            "runtime/broken-exchange", "rows of one file of a side input came to several tasks"
        )
    return StoredRows(
        paths=tuple(path for _, path in found),
        buckets=dict(found) if is_looked_up else None,
        bucket_count=count,
    )
