"""Sends rows through the host in one bundle: `python measure_rows.py SOCKET FOLDER COUNT BYTES`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import apache_beam as beam
import pyarrow as pa
from apache_beam.portability.api import beam_runner_api_pb2
from compare_lanes import run_in_worker
from stage_cases import Case, write_stages
from stage_files import BYTES, Output, StageFiles, layout


@dataclass
class PassingStage:
    """A function that gives bytes as they are."""

    name: str = "passing"

    def build(self, pipeline: beam.Pipeline) -> None:
        """Adds its transforms, whose names begin with its own."""
        rows = pipeline | f"{self.name} In" >> beam.Create([]).with_output_types(bytes)
        rows | f"{self.name} On" >> beam.Map(lambda row: row).with_output_types(bytes)

    def files(self, proto: beam_runner_api_pb2.Pipeline) -> StageFiles:
        """Its files, once the pipeline is captured."""
        step = f"{self.name} On"
        return StageFiles(proto, self.name, [step], layout(BYTES), [Output(step, layout(BYTES))])


def main(socket: str, folder: str, count: int, size: int) -> None:
    """Prints how many rows come back, how many bytes, and the first of the last of them."""
    at_once = max(1, (1 << 20) // size)

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, count, at_once):
            numbers = range(start, min(start + at_once, count))
            values = pa.array([b"%d" % number + b"." * (size - 7) for number in numbers])
            yield pa.record_batch([values], ["value"])

    case = Case(PassingStage(), batches, bundle_bytes=1 << 40)
    (description,) = write_stages([case], folder)
    rows = total = 0
    last = b""
    for batch in run_in_worker(socket, description, case):
        column = batch.column("value")
        rows += batch.num_rows
        total += sum(map(len, column.to_pylist()))
        last = column[-1].as_py()[:7]
    print(rows, total, last.decode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
