"""A user's CombineFn that fails is named, whichever method and phase it fails in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pyarrow as pa
import pytest
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from beam2spark_runtime import Job
from beam2spark_runtime.errors import RuntimeFailure
from stage_files import UTF8, VARINT, Output, StageFiles, capture, keyed, layout

_PARTS = common_urns.combine_components
_PHASES = {
    "Before": _PARTS.COMBINE_PER_KEY_PRECOMBINE.urn,
    "Merge": _PARTS.COMBINE_PER_KEY_MERGE_ACCUMULATORS.urn,
    "Extract": _PARTS.COMBINE_PER_KEY_EXTRACT_OUTPUTS.urn,
}


def _write_phases(folder: Path, method: str, phases: Mapping[str, str] = _PHASES) -> None:
    """A stage of the phases, with a function between them that stands for the shuffle."""

    def build(pipeline: beam.Pipeline) -> None:
        pairs = pipeline | beam.Create([("a", 1)]).with_output_types(tuple[str, int])
        pairs | "Total" >> beam.CombinePerKey(functions.FailingCombine(method))
        same = beam.Map(lambda pair: pair).with_output_types(tuple[str, int])
        listed = beam.Map(lambda pair: (pair[0], [pair[1]]))
        listed = listed.with_output_types(tuple[str, Iterable[int]])
        pairs | "Before" >> same | "List" >> listed | "Merge" >> same | "Extract" >> same

    proto = capture(build)
    transforms = proto.components.transforms.values()
    (combine,) = (
        beam_runner_api_pb2.CombinePayload.FromString(t.spec.payload)
        for t in transforms
        if t.spec.urn == common_urns.composites.COMBINE_PER_KEY.urn
    )
    for transform in transforms:
        if transform.unique_name in phases and transform.spec.urn:
            transform.spec.urn = phases[transform.unique_name]
            transform.spec.payload = combine.SerializeToString()
    pair = layout(keyed(UTF8, VARINT))
    StageFiles(
        proto, "combine", ["Before", "List", "Merge", "Extract"], pair, [Output("Extract", pair)]
    ).write(folder)


def _run(job: Job) -> list[Any]:
    rows = pa.record_batch([pa.array(["a", "b", "a"]), pa.array([1, 2, 3])], ["key", "value"])
    batches = job.stage("combine", "key string, value bigint").process(iter([rows]))
    return sorted(tuple(row.values()) for batch in batches for row in batch.to_pylist())


def test_the_phases_are_beams(job: Job, tmp_path: Path) -> None:
    _write_phases(tmp_path, "none")
    assert _run(job) == [("a", 4), ("b", 2)]


@pytest.mark.parametrize(
    "phases",
    [
        {**_PHASES, "Before": _PARTS.COMBINE_PER_KEY_CONVERT_TO_ACCUMULATORS.urn},
        {"Merge": _PARTS.COMBINE_GROUPED_VALUES.urn},
    ],
    ids=["converted", "grouped"],
)
def test_the_other_phases_are_beams_too(
    job: Job, tmp_path: Path, phases: Mapping[str, str]
) -> None:
    _write_phases(tmp_path, "none", phases)
    assert _run(job) == [("a", 1), ("a", 3), ("b", 2)]


@pytest.mark.parametrize(
    ("method", "transform"),
    [
        ("setup", "Extract"),
        ("create_accumulator", "Before"),
        ("add_input", "Before"),
        ("merge_accumulators", "Merge"),
        ("extract_output", "Extract"),
    ],
)
def test_a_failing_method_is_named(job: Job, tmp_path: Path, method: str, transform: str) -> None:
    _write_phases(tmp_path, method)
    with pytest.raises(RuntimeFailure) as raised:
        _run(job)
    failure = raised.value
    assert (failure.code, failure.transform) == ("runtime/user-function-failed", transform)
    assert failure.message == f"ValueError: no {method} today"
    assert failure.trace is not None and "in _may_fail" in failure.trace
    assert "combine_operations" not in failure.trace
