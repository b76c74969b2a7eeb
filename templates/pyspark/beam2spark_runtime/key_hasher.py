"""Where each row of a side input goes that is looked up by key."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import types as T

from .key_hash import hash_key
from .side_input_description import SideInputDescription
from .side_input_windows import encode_windows
from .worker_setup import WorkerSetup

_STEP_ROWS = 1000


class KeyHasher:
    """`frame.mapInArrow(hasher.process, hasher.schema)` gives each row the number of its file, one
    of `count`, and by what it is sorted there.
    """

    sort_columns = ("bucket", "window_bytes", "hash", "key_bytes")

    def __init__(
        self,
        description: SideInputDescription,
        setup: WorkerSetup,
        count: int,
        fields: list[T.StructField],
    ):
        self._description = description
        self._setup = setup
        self._count = count
        self.schema = T.StructType(
            [
                T.StructField("bucket", T.IntegerType()),
                T.StructField("window_bytes", T.BinaryType()),
                T.StructField("hash", T.LongType()),
                T.StructField("key_bytes", T.BinaryType()),
                *fields,
            ]
        )

    def process(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Runs over a partition's rows. Keys take their coder's bytes, as they are asked for."""
        self._setup.prepare()
        layout = self._description.layout
        find_coder = self._description.create_find_coder()
        window_coder = self._description.window_coder(find_coder)
        column, key_coder = self._description.create_key_columns()
        for batch in batches:
            for start in range(0, batch.num_rows, _STEP_ROWS):
                step = batch.slice(start, _STEP_ROWS)
                windows = encode_windows(step, layout, window_coder)
                keys = [key_coder.encode_nested(key) for key in column.read(step.column("key"))]
                hashes = np.asarray(list(map(hash_key, windows, keys)), np.int64)
                arrays = [
                    pa.array((hashes % self._count).astype(np.int32)),
                    pa.array(windows, pa.binary()),
                    pa.array(hashes),
                    pa.array(keys, pa.binary()),
                    step.column("key"),
                    step.column("value"),
                ]
                yield pa.record_batch(arrays, names=self.schema.names)
