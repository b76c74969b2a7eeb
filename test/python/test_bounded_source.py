"""Bounded sources through Spark's data source API: each element once, in parallel."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path
from typing import Any

import pytest
from apache_beam.coders import coders
from apache_beam.io import iobase
from apache_beam.io.range_trackers import OffsetRangeTracker
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext
from apache_beam.transforms.window import TimestampedValue
from beam2spark_runtime import Job
from beam2spark_runtime.failures import describe_error
from stage_files import COLUMN, VARINT, encoded, layout


class Numbers(iobase.BoundedSource):
    """Numbers up to a count; the odd ones are stamped."""

    def __init__(self, count: int, known_size: bool = True, notes: str = ""):
        self._count = count
        self._notes = notes
        self._known_size = known_size

    def estimate_size(self) -> int | None:
        return self._count * 8 if self._known_size else None

    def get_range_tracker(self, start: int | None, stop: int | None) -> OffsetRangeTracker:
        return OffsetRangeTracker(start or 0, self._count if stop is None else stop)

    def split(self, size: int, start: int | None = None, stop: int | None = None) -> Any:
        step = max(1, size // 8)
        for begin in range(start or 0, self._count, step):
            yield iobase.SourceBundle(step, self, begin, min(self._count, begin + step))

    def read(self, tracker: OffsetRangeTracker) -> Any:
        position = tracker.start_position()
        while tracker.try_claim(position):
            yield TimestampedValue(position, position) if position % 2 else position
            position += 1


def _write(folder: Path, source: iobase.BoundedSource, described: dict[str, Any]) -> None:
    context = PipelineContext()
    coder = context.coders.get_id(coders.FastPrimitivesCoder())
    proto = context.to_runner_api()
    descriptor = beam_fn_api_pb2.ProcessBundleDescriptor(id="numbers")
    descriptor.coders["fast"].CopyFrom(proto.coders[coder])
    stages = folder / "stages"
    stages.mkdir()
    (stages / "numbers.pb").write_bytes(descriptor.SerializeToString())
    document = {
        "name": "numbers",
        "transforms": ["Read numbers"],
        "source": base64.b64encode(source.to_runner_api(context).payload).decode(),
        "output": {"pcollection": "pc", "layout": described},
    }
    (stages / "numbers.json").write_text(json.dumps(document))


def test_the_length_of_the_payload_is_no_part_of_the_pickle(job: Job, tmp_path: Path) -> None:
    notes = random.Random(1).randbytes(4800).hex()
    source = Numbers(10, notes=notes)
    # The length lies before the pickle, which is base64: here a digit is among its bytes.
    assert chr(source.to_runner_api(PipelineContext()).payload[2]).isdigit()
    _write(tmp_path, source, layout(VARINT, timestamp=COLUMN))
    assert job.read_source("numbers", "value bigint, timestamp bigint").count() == 10


class Broken(Numbers):
    """Fails when it is split, or when it is read."""

    def split(self, size: int, start: int | None = None, stop: int | None = None) -> Any:
        if self._notes == "split":
            raise OSError("no such table")
        return super().split(size, start, stop)

    def read(self, tracker: OffsetRangeTracker) -> Any:
        yield 1
        raise OSError("no such row")


@pytest.mark.parametrize(("where", "why"), [("split", "no such table"), ("read", "no such row")])
def test_what_a_source_raises_is_the_user_s_and_names_its_read(
    job: Job, tmp_path: Path, where: str, why: str
) -> None:
    _write(tmp_path, Broken(10, notes=where), layout(VARINT, timestamp=COLUMN))
    with pytest.raises(Exception) as caught:
        job.read_source("numbers", "value bigint, timestamp bigint").count()
    described = describe_error(caught.value)
    assert described["code"] == "runtime/user-function-failed"
    assert described["transform"] == "Read numbers"
    assert described["message"] == f"OSError: {why}"


def test_every_element_once_over_several_tasks(job: Job, tmp_path: Path) -> None:
    _write(tmp_path, Numbers(25_000), layout(VARINT, timestamp=COLUMN))
    frame = job.read_source("numbers", "value bigint, timestamp bigint")
    assert frame.rdd.getNumPartitions() == 4
    rows = frame.collect()
    assert sorted(row.value for row in rows) == list(range(25_000))
    low = -9223372036854775
    assert all(r.timestamp == (r.value * 1000 if r.value % 2 else low) for r in rows)


def test_unknown_sizes_and_sources_without_elements(job: Job, tmp_path: Path) -> None:
    _write(tmp_path, Numbers(0, known_size=False), layout(encoded("fast")))
    assert job.read_source("numbers", "value binary").collect() == []
