"""Stores a side input as a job does: `python stored_side_input.py FOLDER`; prints where it lies."""

import json
import sys
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa
from beam2spark_runtime.key_hash import hash_key
from beam2spark_runtime.side_input_file import SideInputFileWriter

BUCKETS = 3
SCHEMA = pa.schema(
    [
        ("hash", pa.int64()),
        ("key_bytes", pa.binary()),
        ("key", pa.string()),
        ("value", pa.binary()),
    ]
)


def rows():
    """Keys with one value and with many, in two windows, sorted as Spark does it."""
    for window in (b"w1", b"w2"):
        for number in range(500):
            text = f"key {number}"
            key = bytes([len(text)]) + text.encode()
            hashed = hash_key(window, key)
            count = 400 if number == 7 else 2
            for index in range(count):
                value = window + b" %d %d " % (number, index) + b"x" * (number % 50) * 20
                yield hashed % BUCKETS, window, hashed, key, text, value


def main(folder):
    """Writes the files."""
    paths = {}
    ordered = sorted(rows(), key=itemgetter(0, 1, 2, 3))
    for bucket, members in groupby(ordered, itemgetter(0)):
        paths[bucket] = f"{folder}/{bucket}"
        with open(paths[bucket], "wb") as file:
            writer = SideInputFileWriter(file, SCHEMA)
            for window, same in groupby(members, itemgetter(1)):
                columns = list(zip(*same, strict=True))[2:]
                arrays = [
                    pa.array(list(column), field.type)
                    for column, field in zip(columns, SCHEMA, strict=True)
                ]
                batch = pa.record_batch(arrays, schema=SCHEMA)
                writer.write(batch, window, np.asarray(columns[0], np.int64))
            writer.finish()
    print(json.dumps({"paths": list(paths.values()), "buckets": list(paths)}))


main(sys.argv[1])
