"""Stages on a real Spark: life cycle, outputs, errors, aborts, metrics, residuals, memory."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pyarrow as pa
import pytest
from apache_beam.transforms.window import TimestampedValue
from beam2spark_runtime import Job
from beam2spark_runtime.failures import describe_error
from pyspark.sql import DataFrame
from stage_files import (
    BYTES,
    COLUMN,
    INTERVAL,
    UTF8,
    VARINT,
    Output,
    StageFiles,
    capture,
    encoded,
    expand_splittable,
    keyed,
    layout,
)


def _numbers(job: Job, count: int, partitions: int = 2) -> DataFrame:
    return job.spark.range(0, count, 1, partitions).withColumnRenamed("id", "value")


def _write(
    folder: Path,
    build: Callable[[Any], Any],
    transforms: list[str],
    outputs: list[Output],
    name: str = "stage",
    source: type = int,
    **more: Any,
) -> None:
    def whole(pipeline: beam.Pipeline) -> None:
        build(pipeline | "In" >> beam.Create([source()]).with_output_types(source))

    value = {int: VARINT, str: UTF8}[source]
    StageFiles(capture(whole), name, transforms, layout(value), outputs, **more).write(folder)


def test_setup_start_finish_teardown_in_beams_order(job: Job, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    _write(
        tmp_path,
        lambda p: (
            p | "Notes" >> beam.ParDo(functions.NotesLifecycle(str(notes))).with_output_types(int)
        ),
        ["Notes"],
        [Output("Notes", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    frame = _numbers(job, 100, 3).where("value < 70")
    values = [row.value for row in frame.mapInArrow(stage.process, stage.schema).collect()]
    assert sorted(values)[2:] == list(range(70)) or len(values) == 73
    calls: dict[str, list[str]] = {}
    for line in notes.read_text().splitlines():
        process, instance, *event = line.split()
        calls.setdefault(process + instance, []).append(" ".join(event))
    flat = [event for events in calls.values() for event in events]
    assert Counter(event.split()[0] for event in flat) == Counter(
        {"setup": 3, "start": 3, "finish": 3, "teardown": 3}
    )
    assert sum(int(event.split()[1]) for event in flat if event.startswith("finish")) == 70


def test_no_rows_make_no_bundle(job: Job, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    _write(
        tmp_path,
        lambda p: (
            p | "Notes" >> beam.ParDo(functions.NotesLifecycle(str(notes))).with_output_types(int)
        ),
        ["Notes"],
        [Output("Notes", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    frame = _numbers(job, 10).where("value < 0").mapInArrow(stage.process, stage.schema)
    assert frame.collect() == []
    assert not notes.exists()


def test_several_outputs_come_in_their_own_columns(job: Job, tmp_path: Path) -> None:
    def split(number: int) -> Any:
        yield number
        if number % 2:
            yield beam.pvalue.TaggedOutput("odd", (str(number), number))

    def build(numbers: Any) -> None:
        numbers | "Split" >> beam.ParDo(split).with_outputs("odd", main="all")

    _write(
        tmp_path,
        build,
        ["Split"],
        [
            Output("Split", layout(VARINT), tag="None"),
            Output("Split", layout(keyed(UTF8, VARINT)), tag="odd"),
        ],
    )
    schema = "output int, o0_value bigint, o1_key string, o1_value bigint"
    stage = job.stage("stage", schema)
    both = job.persist(_numbers(job, 10).mapInArrow(stage.process, stage.schema))
    assert sorted(r.value for r in job.output(both, 0, "value").collect()) == list(range(10))
    odd = job.output(both, 1, "key", "value")
    assert odd.columns == ["key", "value"]
    assert sorted((r.key, r.value) for r in odd.collect()) == [(str(n), n) for n in range(1, 10, 2)]


def test_timestamped_and_windowed_results_reach_their_columns(job: Job, tmp_path: Path) -> None:
    def build(numbers: Any) -> None:
        (
            numbers
            | "Stamp" >> beam.Map(lambda n: TimestampedValue(n, n)).with_output_types(int)
            | "Window" >> beam.WindowInto(beam.window.SlidingWindows(10, 5))
        )

    _write(
        tmp_path,
        build,
        ["Stamp", "Window"],
        [Output("Window", layout(VARINT, timestamp=COLUMN, window=INTERVAL, pane=COLUMN))],
    )
    stage = job.stage(
        "stage",
        "value bigint, timestamp bigint, window_start bigint, window_end bigint, pane binary",
    )
    rows = _numbers(job, 7).mapInArrow(stage.process, stage.schema).collect()
    expected = {
        (n, n * 1000, start * 1000, start * 1000 + 10_000)
        for n in range(7)
        for start in ([-5, 0] if n < 5 else [0, 5])
    }
    assert {(r.value, r.timestamp, r.window_start, r.window_end) for r in rows} == expected
    assert len(rows) == len(expected)
    assert {bytes(r.pane) for r in rows} == {b"\x0f"}


def test_a_users_error_names_its_transform_and_keeps_its_traceback(
    job: Job, tmp_path: Path
) -> None:
    def divide(number: int) -> float:
        return 1 / (number - 5)

    class Divides(beam.DoFn):
        def start_bundle(self) -> None:
            pass

        def process(self, number: int) -> Any:
            yield divide(number)

    for name, transform in [("Plain", beam.Map(divide)), ("Full", beam.ParDo(Divides()))]:
        _write(
            tmp_path,
            lambda p, name=name, t=transform: p | name >> t.with_output_types(int),
            [name],
            [Output(name, layout(VARINT))],
            name=name,
        )
        stage = job.stage(name, "value bigint")
        with pytest.raises(Exception) as raised:
            _numbers(job, 10).mapInArrow(stage.process, stage.schema).collect()
        failure = describe_error(raised.value)
        assert failure["code"] == "runtime/user-function-failed"
        assert failure["transform"] == name
        assert failure["message"].startswith("ZeroDivisionError: division by zero")
        assert "in divide" in failure["traceback"]
        assert "\tat org.apache" not in failure["traceback"]


@pytest.mark.parametrize("value", ["None", "2**63", "'text'"])
def test_a_value_that_its_coder_refuses_names_its_transform(
    job: Job, tmp_path: Path, value: str
) -> None:
    bad = eval(value)
    _write(
        tmp_path,
        lambda p: p | "Bad" >> beam.Map(lambda n: bad if n == 3 else n).with_output_types(int),
        ["Bad"],
        [Output("Bad", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    with pytest.raises(Exception) as raised:
        _numbers(job, 10).mapInArrow(stage.process, stage.schema).collect()
    failure = describe_error(raised.value)
    assert failure["code"] == "runtime/value-not-encodable"
    assert failure["transform"] == "Bad"
    assert type(bad).__name__ in failure["message"]


def test_stop_iteration_is_an_error_and_loses_nothing_silently(job: Job, tmp_path: Path) -> None:
    _write(
        tmp_path,
        lambda p: p | "Next" >> beam.Map(lambda n: next(iter([]))).with_output_types(int),
        ["Next"],
        [Output("Next", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    with pytest.raises(Exception) as raised:
        _numbers(job, 10).mapInArrow(stage.process, stage.schema).collect()
    assert describe_error(raised.value)["transform"] == "Next"


def test_stop_iteration_between_elements_loses_nothing_silently(job: Job, tmp_path: Path) -> None:
    class Stops(beam.DoFn):
        def process(self, number: int, stamp: Any = beam.DoFn.TimestampParam) -> Any:
            if number == 3:
                raise StopIteration("said so")
            return [number]

    def build(p: Any) -> Any:
        stops = beam.ParDo(Stops()).with_output_types(int)
        return p | "Same" >> beam.Map(lambda n: n).with_output_types(int) | "Stops" >> stops

    for name, transforms in [("plain before", ["Same", "Stops"]), ("alone", ["Stops"])]:
        _write(tmp_path, build, transforms, [Output("Stops", layout(VARINT))], name=name)
        stage = job.stage(name, "value bigint")
        with pytest.raises(Exception) as raised:
            _numbers(job, 10, 1).mapInArrow(stage.process, stage.schema).collect()
        assert describe_error(raised.value)["transform"] == "Stops"


def test_an_error_that_spark_could_not_encode_fails_the_job(job: Job, tmp_path: Path) -> None:
    def fail(number: int) -> int:
        raise ValueError("lone \ud800 and long " + "x" * 1_000_000)

    _write(
        tmp_path,
        lambda p: p | "Fails" >> beam.Map(fail).with_output_types(int),
        ["Fails"],
        [Output("Fails", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    with pytest.raises(Exception) as raised:
        _numbers(job, 1, 1).mapInArrow(stage.process, stage.schema).collect()
    failure = describe_error(raised.value)
    assert failure["transform"] == "Fails"
    assert failure["message"].startswith("ValueError: lone \\ud800 and long xxx")
    assert len(failure["message"]) < 10_000


def test_a_closed_consumer_ends_the_bundle(job: Job, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    _write(
        tmp_path,
        lambda p: (
            p | "Slow" >> beam.ParDo(functions.SlowForever(str(notes))).with_output_types(str)
        ),
        ["Slow"],
        [Output("Slow", layout(UTF8))],
    )
    stage = job.stage("stage", "value string")
    results = stage.process(iter([pa.record_batch([pa.array([1])], ["value"])]))
    assert next(results).num_rows > 100
    results.close()
    deadline = time.monotonic() + 10
    while not notes.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert notes.read_text() == "ended\n"
    # A limit ends the job although the function never does.
    assert len(_numbers(job, 1, 1).mapInArrow(stage.process, stage.schema).take(5)) == 5


def test_metrics_of_repeated_and_recomputed_tasks_count_once(job: Job, tmp_path: Path) -> None:
    _write(
        tmp_path,
        lambda p: p | "Counts" >> beam.ParDo(functions.Counts()).with_output_types(int),
        ["Counts"],
        [Output("Counts", layout(VARINT))],
    )
    stage = job.stage("stage", "value bigint")
    frame = _numbers(job, 10, 3).mapInArrow(stage.process, stage.schema)
    frame.count()
    frame.count()
    metrics = {m["name"]: (m["transform"], m["namespace"], m["value"]) for m in job.metrics()}
    assert metrics == {
        "seen": ("Counts", "words", 10),
        "sizes": ("Counts", "words", {"count": 10, "sum": 45, "min": 0, "max": 9}),
        "last": ("Counts", "words", 7),
        "kinds": ("Counts", "words", ["k0", "k1", "k2"]),
        "paths": ("Counts", "words", [["a", "0", False], ["a", "1", False]]),
    }


def test_metrics_are_those_of_their_transform_after_timestamped_outputs(
    job: Job, tmp_path: Path
) -> None:
    _write(
        tmp_path,
        lambda p: (
            p
            | "Counts" >> beam.ParDo(functions.Counts()).with_output_types(int)
            | "Stamp"
            >> beam.Map(lambda element: TimestampedValue(element, element)).with_output_types(int)
        ),
        ["Counts", "Stamp"],
        [Output("Stamp", layout(VARINT, timestamp=COLUMN))],
    )
    stage = job.stage("stage", "value bigint, timestamp bigint")
    _numbers(job, 10, 1).mapInArrow(stage.process, stage.schema).count()
    seen = [(m["transform"], m["value"]) for m in job.metrics() if m["name"] == "seen"]
    assert seen == [("Counts", 10)]


def test_bundles_are_cut_by_bytes(tmp_path: Path, job: Job) -> None:
    notes = tmp_path / "notes"
    _write(
        tmp_path,
        lambda p: (
            p | "Notes" >> beam.ParDo(functions.NotesLifecycle(str(notes))).with_output_types(int)
        ),
        ["Notes"],
        [Output("Notes", layout(VARINT))],
    )
    small = Job(job.spark, job._project, job.options.__class__(bundle_bytes=1000), job._progress)
    stage = small.stage("stage", "value bigint")
    batches = [pa.record_batch([pa.array(range(100))], ["value"]) for _ in range(5)]
    values = [v for b in stage.process(iter(batches)) for v in b.column(0).to_pylist()]
    assert Counter(values) == Counter([*range(100)] * 5 + [-200, -200, -100])
    events = [line.split(maxsplit=2)[2] for line in notes.read_text().splitlines()]
    assert events == [
        *["setup"],
        *["start", "finish 200"] * 2,
        *["start", "finish 100"],
        *["teardown"],
    ]


def test_one_element_with_many_outputs_passes_in_bounded_memory(job: Job, tmp_path: Path) -> None:
    mebibytes = 500
    _write(
        tmp_path,
        lambda p: p | "Huge" >> beam.ParDo(functions.Huge(mebibytes)).with_output_types(bytes),
        ["Huge"],
        [Output("Huge", layout(BYTES))],
    )
    stage = job.stage("stage", "value binary")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 0
    for batch in stage.process(iter([pa.record_batch([pa.array([1])], ["value"])])):
        assert batch.column(0)[0].as_py()[:4] == count.to_bytes(4, "big")
        count += batch.num_rows
    assert count == mebibytes
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 << 10


def test_a_function_that_stops_itself_is_resumed_to_its_end(job: Job, tmp_path: Path) -> None:
    def whole(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | "Count" >> beam.ParDo(functions.Counting())

    proto = expand_splittable(capture(whole), "Count")
    pair = StageFiles(
        proto,
        "pair",
        ["Count/Pair", "Count/Split"],
        layout(VARINT),
        [Output("Count/Split", layout(encoded("sized")))],
    )
    process = StageFiles(
        proto,
        "process",
        ["Count/Process"],
        layout(encoded("sized")),
        [Output("Count/Process", layout(keyed(VARINT, VARINT)))],
    )
    for files in (pair, process):
        files.write(tmp_path)
    first = job.stage("pair", "value binary")
    second = job.stage("process", "key bigint, value bigint")
    frame = job.spark.createDataFrame([(12,), (0,), (3,)], "value bigint")
    split = job.spread(frame.mapInArrow(first.process, first.schema))
    rows = split.mapInArrow(second.process, second.schema).collect()
    expected = [(n, i) for n in (12, 3) for i in range(n)]
    assert sorted((r.key, r.value) for r in rows) == sorted(expected)
