"""Writes the rows of a side input, sorted, to files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, groupby, pairwise
from operator import itemgetter

import numpy as np
import pyarrow as pa
from pyspark import TaskContext

from .event_times import find_changes
from .shared_files import create_file
from .side_input_description import SideInputDescription
from .side_input_file import SideInputFileWriter
from .side_input_windows import encode_windows
from .worker_setup import WorkerSetup

EncodeWindows = Callable[[pa.RecordBatch], list[bytes]]


class SideInputWriter:
    """`frame.mapInArrow(writer.process, writer.schema)` writes a file for each bucket of a
    partition (for all of it where there are none), and gives the files' names.

    A name is that of one attempt of one task: what a failed one has left is in nobody's way.
    """

    schema = "bucket int, path string"

    def __init__(self, description: SideInputDescription, setup: WorkerSetup, folder: str):
        self._description = description
        self._setup = setup
        self._folder = folder

    def process(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Runs over a partition's rows."""
        self._setup.prepare()
        find_coder = self._description.create_find_coder()
        encode = partial(
            encode_windows,
            layout=self._description.layout,
            coder=self._description.window_coder(find_coder),
        )
        task = TaskContext.get()
        assert task is not None
        name = f"{self._folder}/rows-{task.partitionId()}-{task.taskAttemptId()}"
        parts = chain.from_iterable(map(_cut_at_buckets, batches))
        for bucket, members in groupby(parts, itemgetter(0)):
            path = f"{name}-{bucket}"
            _write_file(path, map(itemgetter(1), members), encode)
            yield pa.record_batch(
                [pa.array([bucket], pa.int32()), pa.array([path])], names=["bucket", "path"]
            )


def _write_file(path: str, parts: Iterator[pa.RecordBatch], encode: EncodeWindows) -> None:
    first = next(parts)
    names = [n for n in ("hash", "key_bytes", "key", "value") if n in first.schema.names]
    with create_file(path) as file:
        writer = SideInputFileWriter(file, first.select(names).schema)
        for part in chain([first], parts):
            _write_part(part, names, encode, writer)
        writer.finish()


def _write_part(
    rows: pa.RecordBatch, names: list[str], encode: EncodeWindows, writer: SideInputFileWriter
) -> None:
    stored = rows.select(names)
    is_hashed = "hash" in names
    hashes = rows.column("hash").to_numpy() if is_hashed else None
    windows = [name for name in rows.schema.names if name.startswith("window")]
    changes = find_changes([rows.column(name) for name in windows], rows.num_rows)
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), rows.num_rows]
    for start, end in pairwise(bounds):
        row = rows.slice(start, 1)
        window = row.column("window_bytes")[0].as_py() if is_hashed else encode(row)[0]
        writer.write(
            stored.slice(start, end - start),
            window,
            None if hashes is None else hashes[start:end],
        )


def _cut_at_buckets(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batch's rows, a part for each bucket."""
    if batch.num_rows == 0:
        return
    if "bucket" not in batch.schema.names:
        yield 0, batch
        return
    buckets = batch.column("bucket").to_numpy()
    bounds = [0, *(np.flatnonzero(np.diff(buckets)) + 1).tolist(), batch.num_rows]
    for start, end in pairwise(bounds):
        yield int(buckets[start]), batch.slice(start, end - start)
