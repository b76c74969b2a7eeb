"""Runs stages on both lanes and compares: `python compare_lanes.py SOCKET FOLDER CASES`.

It prints, as JSON, what each case of `stage_cases.py` gives on one lane alone, or those whose names
begin with CASES.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import stage_cases
from beam2spark_runtime.batch_reader import BatchReader
from beam2spark_runtime.bundle_thread import BundleThread
from beam2spark_runtime.host_link import HostLink
from beam2spark_runtime.link_messages import OpenStage
from beam2spark_runtime.processor import StageProcessor
from beam2spark_runtime.stage_description import StageDescription


def run_in_process(
    description: StageDescription, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """The rows that the stage makes in this process."""

    def create() -> StageProcessor:
        return StageProcessor(description, lambda _: None, 128 << 20, 1 << 16, 64 << 20)

    thread = BundleThread(create)
    try:
        yield from thread.process(BatchReader(iter(batches)), lambda _infos: None)
    finally:
        thread.close()


def run_in_worker(
    socket: str, description: StageDescription, case: stage_cases.Case
) -> Iterator[pa.RecordBatch]:
    """The rows that the stage makes in a worker of the host."""
    stage = OpenStage(
        descriptor=description.descriptor_bytes,
        stage=description.json_text,
        options="{}",
        bundle_bytes=case.bundle_bytes,
        state_memory_bytes=case.state_memory_bytes,
        stored_group_bytes=128 << 20,
    )
    link = HostLink(socket)
    try:
        for _output, batch in link.run(stage, case.batches()):
            yield batch
    finally:
        link.close()


def count_rows(batches: Iterable[pa.RecordBatch]) -> Counter[str]:
    """The rows of batches, as a multiset of texts."""
    return Counter(repr(list(row.items())) for batch in batches for row in batch.to_pylist())


def main(socket: str, folder: str, names: str) -> None:
    """Runs the cases."""
    report: dict[str, Any] = {}
    chosen = [case for case in stage_cases.cases() if case.stage.name.startswith(names)]
    descriptions = stage_cases.write_stages(chosen, folder)
    for case, description in zip(chosen, descriptions, strict=True):
        expected = count_rows(run_in_process(description, case.batches()))
        try:
            found = count_rows(run_in_worker(socket, description, case))
        except Exception as error:
            report[case.stage.name] = {"error": str(error)}
            continue
        report[case.stage.name] = {
            "rows": expected.total(),
            "missing": sorted((expected - found).elements())[:5],
            "unexpected": sorted((found - expected).elements())[:5],
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
