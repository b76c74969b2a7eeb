"""What functions register for their bundle's end is called once all results are handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pyarrow as pa
import pytest
from beam2spark_runtime import Job
from beam2spark_runtime.errors import RuntimeFailure
from stage_files import VARINT, Output, StageFiles, capture, layout


def _run(job: Job, folder: Path, values: list[int]) -> None:
    notes = str(folder / "notes")

    def whole(pipeline: beam.Pipeline) -> None:
        created = pipeline | beam.Create([1]).with_output_types(int)
        created | "Finalize" >> beam.ParDo(functions.Finalizes(notes)).with_output_types(int)

    numbers = layout(VARINT)
    files = StageFiles(
        capture(whole), "stage", ["Finalize"], numbers, [Output("Finalize", numbers)]
    )
    files.write(folder)
    options: Any = job.options.__class__(bundle_bytes=1)
    stage = Job(job.spark, job._project, options, job._progress).stage("stage", "value bigint")
    batches = [pa.record_batch([pa.array([value])], ["value"]) for value in values]
    list(stage.process(iter(batches)))


def _notes(folder: Path) -> list[str]:
    return (folder / "notes").read_text().splitlines()


def test_at_the_end_of_the_task_and_not_of_its_bundles(job: Job, tmp_path: Path) -> None:
    _run(job, tmp_path, [1, 2, 13, 4])
    events = ["process 1", "process 2", "process 13", "process 4"]
    # One that fails keeps no other from being called.
    assert _notes(tmp_path) == [*events, "finalize 1", "finalize 2", "finalize 4"]


def test_a_task_that_fails_calls_none_and_leaves_none(job: Job, tmp_path: Path) -> None:
    with pytest.raises(RuntimeFailure):
        _run(job, tmp_path, [1, -1])
    _run(job, tmp_path, [3])
    assert _notes(tmp_path) == ["process 1", "process 3", "finalize 3"]
