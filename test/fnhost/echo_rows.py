"""Runs a stage that gives its rows back: `python echo_rows.py ADDRESS FOLDER`.

Prints, as JSON, whether the same rows came back through memory and without any, how many frames
went through it, and how many files have stayed open.
"""

import json
import os
import sys
from pathlib import Path

import pyarrow as pa
from beam2spark_runtime.host_link import HostLink
from beam2spark_runtime.link_messages import OpenStage
from beam2spark_runtime.shared_rows import SharedRows

COUNTS = {"put": 0, "taken": 0}


class CountedRows(SharedRows):
    """Memory that counts what goes through it."""

    def put(self, parts):
        place = super().put(parts)
        COUNTS["put"] += place is not None
        return place

    def take(self, place):
        COUNTS["taken"] += 1
        return super().take(place)


def list_values():
    """Small and large ones, of which some fit no slot, and enough that all slots are taken."""
    for n in range(40):
        yield from (f"{n} {m}".encode() * 200 for m in range(500))
        yield f"large {n}".encode() * (1 << (n % 5 + 14))


def run(address, folder, values):
    """Gives the values that come back."""
    stage = OpenStage(
        descriptor=Path(folder, "stage.pb").read_bytes(),
        stage=Path(folder, "stage.json").read_text(encoding="utf-8"),
        options="{}",
        bundle_bytes=1 << 20,
    )
    link = HostLink(address)
    try:
        batches = (
            pa.record_batch({"value": pa.array(values[start : start + 700], pa.binary())})
            for start in range(0, len(values), 700)
        )
        return [
            value
            for _output, batch in link.run(stage, batches)
            for value in batch.column("value").to_pylist()
        ]
    finally:
        link.close()


def main(address, folder):
    values = list(list_values())
    before = len(os.listdir("/proc/self/fd"))
    SharedRows.create = staticmethod(lambda: CountedRows(os.memfd_create("beam2spark-rows")))
    with_memory = run(address, folder, values) == values
    SharedRows.create = staticmethod(lambda: None)
    without = run(address, folder, values) == values
    left = len(os.listdir("/proc/self/fd")) - before
    print(json.dumps({"withMemory": with_memory, "without": without, "left": left, **COUNTS}))


main(*sys.argv[1:])
