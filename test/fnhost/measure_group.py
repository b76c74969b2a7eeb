"""Sends a large group through the host: `python measure_group.py SOCKET FOLDER MEBIBYTES`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
from compare_lanes import run_in_worker
from stage_cases import Case, GroupedStage, write_stages
from stage_files import UTF8, keyed, layout
from stage_functions import Measures


def main(socket: str, folder: str, mebibytes: int) -> None:
    """Prints what the function has said of the group."""

    def batches() -> Iterator[pa.RecordBatch]:
        keys = pa.array(["large"] * 4)
        for number in range(mebibytes):
            values = pa.array([bytes([number % 256]) * (1 << 18)] * 4)
            yield pa.record_batch([keys, values], ["key", "value"])
        yield pa.record_batch([pa.array(["small"]), pa.array([b"x"])], ["key", "value"])

    plain = {"merge": "none", "timestamp": "end-of-window"}
    pairs = layout(keyed(UTF8, {"kind": "bytes"}))
    stage = GroupedStage("huge", beam.ParDo(Measures()), plain, pairs, kinds=(str, bytes))
    case = Case(stage, batches)
    (description,) = write_stages([case], folder)
    for batch in run_in_worker(socket, description, case):
        print(*batch.column("value").to_pylist(), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
