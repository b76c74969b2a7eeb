"""Splittable functions that stop themselves: when they are resumed, and what it costs."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import apache_beam as beam
import functions
import pyarrow as pa
from beam2spark_runtime import Job, residuals
from beam2spark_runtime.residuals import Residual, ResidualQueue
from stage_files import (
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

_PAIRS = layout(keyed(UTF8, VARINT))


def _residual(millis: int) -> Residual:
    residual = Residual()
    residual.requested_time_delay.FromMilliseconds(millis)
    return residual


def test_the_earliest_is_due_first() -> None:
    waiting = ResidualQueue()
    assert waiting.take_due() == []
    waiting.add([_residual(40), _residual(0), _residual(60_000), _residual(20)])
    assert waiting.seconds_left() <= 0
    assert [r.requested_time_delay.ToMilliseconds() for r in waiting.take_due()] == [0]
    assert 0 < waiting.seconds_left() <= 0.02
    time.sleep(0.05)
    assert [r.requested_time_delay.ToMilliseconds() for r in waiting.take_due()] == [20, 40]
    assert len(waiting) == 1


def test_a_delay_has_an_end() -> None:
    waiting = ResidualQueue()
    waiting.add([_residual(1 << 40)])
    assert waiting.seconds_left() <= residuals._LONGEST_DELAY_SECONDS


def _run(job: Job, folder: Path, pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    def whole(pipeline: beam.Pipeline) -> None:
        created = pipeline | beam.Create(pairs).with_output_types(tuple[str, int])
        created | "Pause" >> beam.ParDo(functions.Pausing()).with_output_types(tuple[str, int])

    proto = expand_splittable(capture(whole), "Pause")
    sized = layout(encoded("sized"))
    StageFiles(
        proto, "pair", ["Pause/Pair", "Pause/Split"], _PAIRS, [Output("Pause/Split", sized)]
    ).write(folder)
    StageFiles(proto, "process", ["Pause/Process"], sized, [Output("Pause/Process", _PAIRS)]).write(
        folder
    )
    keys, numbers = zip(*pairs, strict=True)
    rows = pa.record_batch([pa.array(keys), pa.array(numbers)], ["key", "value"])
    split = list(job.stage("pair", "value binary").process(iter([rows])))
    found: list[tuple[str, int]] = []
    for batch in job.stage("process", "key string, value bigint").process(iter(split)):
        found += zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
    return found


def test_one_that_waits_long_holds_up_no_other(job: Job, tmp_path: Path) -> None:
    found = _run(job, tmp_path, [("slow", 2), ("quick", 10)])
    assert found[:2] == [("slow", 0), ("quick", 0)]
    assert found[2:-1] == [("quick", n) for n in range(1, 10)]
    assert found[-1] == ("slow", 1)


def test_a_thousand_resumptions_leave_nothing_behind(job: Job, tmp_path: Path) -> None:
    gc.collect()
    before = len(gc.get_objects())
    found = _run(job, tmp_path, [("quick", 1000)])
    gc.collect()
    assert found == [("quick", n) for n in range(1000)]
    assert len(gc.get_objects()) - before < 50_000


def test_metrics_count_a_resumed_element_once(job: Job, tmp_path: Path) -> None:
    pairs = [("a", 5), ("b", 0), ("c", 7)]
    _run(job, tmp_path, pairs)
    first = job.stage("pair", "value binary")
    second = job.stage("process", "key string, value bigint")
    frame = job.spark.createDataFrame(pairs, "key string, value bigint")
    split = frame.mapInArrow(first.process, first.schema)
    assert split.mapInArrow(second.process, second.schema).count() == 12
    counted = [(metric["name"], metric["value"]) for metric in job.metrics()]
    assert counted == [("outputs", 12)]
