"""Functions that are called over lists: whose instance, with which arguments; windows of lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pyarrow as pa
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms import window
from apache_beam.transforms.window import TimestampedValue
from beam2spark_runtime import Job
from beam2spark_runtime.plain_operation import PlainOperation
from beam2spark_runtime.processor import StageProcessor
from beam2spark_runtime.window_assignment import AssignOperation
from stage_files import COLUMN, VARINT, Output, StageFiles, capture, keyed, layout

_PAIRS = layout(keyed(VARINT, VARINT))


def _kinds(job: Job) -> set[type]:
    """The classes of the stage's operations, as Beam's processor has made them."""
    processor = StageProcessor(
        job._project.read_stage("stage"), lambda _: None, 1 << 20, 1 << 20, 1 << 20
    )
    operations = set(map(type, processor._processor.ops.values()))
    processor.tear_down()
    return operations


def _values(job: Job, columns: dict[str, list[int]]) -> list[int]:
    rows = pa.record_batch(list(map(pa.array, columns.values())), list(columns))
    stage = job.stage("stage", "value bigint")
    return [v for batch in stage.process(iter([rows])) for v in batch.column(0).to_pylist()]


def test_one_instance_sees_bundles_and_lists(job: Job, tmp_path: Path) -> None:
    notes = tmp_path / "notes"

    def build(pipeline: beam.Pipeline) -> None:
        scale = beam.ParDo(functions.Scales(str(notes)), 3, plus=1).with_output_types(int)
        pipeline | beam.Create([1]) | "Scale" >> scale

    StageFiles(
        capture(build), "stage", ["Scale"], layout(VARINT), [Output("Scale", layout(VARINT))]
    ).write(tmp_path)
    assert _values(job, {"value": [*range(1000)]}) == [3 * n + 1 for n in range(1000)]
    instances, events = zip(
        *(line.split(maxsplit=1) for line in notes.read_text().splitlines()), strict=True
    )
    assert len(set(instances)) == 1
    assert events == ("setup", "start", "first", "finish 1000", "teardown")
    assert PlainOperation in _kinds(job)


@pytest.mark.parametrize(
    ("transform", "is_paired", "expected"),
    [
        (beam.Map(lambda n, a, b=0: n * a + b, 2, b=1), False, [1, 3, 5]),
        (beam.Map(lambda n, b=0: n + b, b=10), False, [10, 11, 12]),
        (beam.MapTuple(lambda k, v, a=0: k * v + a, 5), True, [5, 15, 25]),
        (beam.Filter(lambda n, least: n >= least, 1), False, [1, 2]),
        (beam.FlatMap(lambda n, times: [n] * times, 2), False, [0, 0, 1, 1, 2, 2]),
        (beam.FlatMapTuple(lambda k, v, a=0: [k, v, a], 7), True, [0, 10, 7, 1, 10, 7, 2, 10, 7]),
    ],
    ids=["Map", "Map keyword", "MapTuple", "Filter", "FlatMap", "FlatMapTuple"],
)
def test_further_arguments(
    job: Job, tmp_path: Path, transform: Any, is_paired: bool, expected: list[int]
) -> None:
    def build(pipeline: beam.Pipeline) -> None:
        numbers = pipeline | beam.Create([(1, 10)] if is_paired else [1])
        numbers | "Do" >> transform.with_output_types(int)

    source = _PAIRS if is_paired else layout(VARINT)
    StageFiles(capture(build), "stage", ["Do"], source, [Output("Do", layout(VARINT))]).write(
        tmp_path
    )
    rows = {"key": [0, 1, 2], "value": [10] * 3} if is_paired else {"value": [0, 1, 2]}
    assert _values(job, rows) == expected
    assert PlainOperation in _kinds(job)


@pytest.mark.parametrize(
    "place", [beam.DoFn.BundleFinalizerParam, beam.DoFn.TimestampParam], ids=["class", "value"]
)
def test_what_asks_for_something_of_beams_is_left_to_it(
    job: Job, tmp_path: Path, place: Any
) -> None:
    class Asks(beam.DoFn):
        def process(self, element: int, given: Any = place) -> list[int]:
            return [element if given is not place else -1]

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | "Ask" >> beam.ParDo(Asks()).with_output_types(int)

    StageFiles(
        capture(build), "stage", ["Ask"], layout(VARINT), [Output("Ask", layout(VARINT))]
    ).write(tmp_path)
    assert _values(job, {"value": [5]}) == [5]
    assert PlainOperation not in _kinds(job)


_STAMPED = [(1, 0), (2, 0), (3, 0), (4, 7), (5, 7), (6, 12), (7, -3)]


@pytest.mark.parametrize(
    "assign",
    [
        lambda: [window.FixedWindows(10)],
        lambda: [window.FixedWindows(10, offset=3)],
        lambda: [window.SlidingWindows(10, 5)],
        lambda: [window.Sessions(4)],
        lambda: [window.GlobalWindows()],
        lambda: [functions.ByElement()],
        lambda: [window.SlidingWindows(10, 5), window.FixedWindows(4)],
        lambda: [window.SlidingWindows(10, 5), functions.ByElement()],
    ],
    ids=["fixed", "offset", "sliding", "sessions", "global", "custom", "again", "custom again"],
)
def test_windows_are_assigned_as_beam_does(
    job: Job, tmp_path: Path, assign: Callable[[], list[Any]]
) -> None:
    names = [f"Window{i}" for i in range(len(assign()))]

    def build(pipeline: beam.Pipeline, path: Path) -> None:
        values = (
            pipeline
            | beam.Create(_STAMPED)
            | "Stamp" >> beam.MapTuple(TimestampedValue).with_output_types(int)
        )
        for name, function in zip(names, assign(), strict=True):
            values = values | name >> beam.WindowInto(function)
        values | "See" >> beam.ParDo(functions.NotesTimes(str(path)))

    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        build(pipeline, theirs)
    proto = capture(lambda pipeline: build(pipeline, ours))
    stamped = layout(VARINT, timestamp=COLUMN)
    StageFiles(proto, "stage", [*names, "See"], stamped).write(tmp_path)
    columns = {
        "value": [value for value, _ in _STAMPED],
        "timestamp": [seconds * 1000 for _, seconds in _STAMPED],
    }
    assert _values(job, columns) == []
    assert sorted(ours.read_text().splitlines()) == sorted(theirs.read_text().splitlines())
    assert len(ours.read_text().splitlines()) >= len(_STAMPED)
    assert AssignOperation in _kinds(job)
