"""State and timers: cells in memory and in files, keys over bundles, the order of a key's end."""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
import stateful_functions
from apache_beam.coders import BytesCoder, TupleCoder, VarIntCoder
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.transforms.window import GlobalWindow
from beam2spark_runtime import Job
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.user_state import FIRST_SORT_KEY, LAST_SORT_KEY, UserState
from stage_files import UTF8, VARINT, Output, StageFiles, capture, keyed, layout

_PAIRS = layout(keyed(UTF8, VARINT))
_VALUES = VarIntCoder().get_impl()
_ENTRIES = TupleCoder([VarIntCoder(), BytesCoder()]).get_impl()


def _cell(name: str) -> Any:
    return "bag_user_state", "t", name, b"", b"key"


@pytest.mark.parametrize("limit", [1 << 30, 2000, 0])
def test_cells_are_the_same_in_memory_and_in_files(limit: int) -> None:
    chance = random.Random(7)
    state = UserState(limit)
    bags: dict[str, list[int]] = {"one": [], "two": []}
    entries: list[tuple[int, bytes]] = []
    times = _cell("times")
    for _ in range(400):
        name = chance.choice(list(bags))
        added = [chance.randrange(-9, 1 << 40) for _ in range(chance.randrange(30))]
        if chance.random() < 0.05:
            state.clear_bag(_cell(name))
            bags[name] = []
        state.extend_bag(_cell(name), _VALUES, added)
        bags[name] += added
        pairs = [(chance.randrange(-50, 50), bytes([n])) for n in range(chance.randrange(5))]
        state.extend_list(times, _ENTRIES, pairs)
        entries += pairs
        start, end = sorted(chance.randrange(-60, 60) for _ in range(2))
        if chance.random() < 0.2:
            state.clear_range(times, start, end)
            entries = [entry for entry in entries if not start <= entry[0] < end]
        expected = sorted(
            (entry for entry in entries if start <= entry[0] < end), key=lambda entry: entry[0]
        )
        assert list(state.read_range(times, start, end, _ENTRIES)) == expected
    for name, values in bags.items():
        assert list(state.read_bag(_cell(name), _VALUES)) == values
    assert (state._file is not None) == (limit < 1 << 30)
    state.forget()
    assert list(state.read_range(times, FIRST_SORT_KEY, LAST_SORT_KEY, _ENTRIES)) == []
    assert list(state.read_bag(_cell("one"), _VALUES)) == []
    state.close()


def test_a_read_is_of_its_moment() -> None:
    state = UserState(1 << 20)
    state.extend_bag(_cell("bag"), _VALUES, [1, 2])
    values = state.read_bag(_cell("bag"), _VALUES)
    state.clear_bag(_cell("bag"))
    assert list(values) == [1, 2]


def _write(
    folder: Path, function: beam.DoFn, change: dict[str, Any] | None = None, values: Any = VARINT
) -> None:
    def build(pipeline: beam.Pipeline) -> None:
        kind = int if values == VARINT else bytes
        pairs = pipeline | "In" >> beam.Create([("k", kind())]).with_output_types(tuple[str, kind])
        pairs | "Keep" >> beam.ParDo(function).with_output_types(tuple[str, int])

    proto = capture(build)
    (transform,) = (t for t in proto.components.transforms.values() if t.unique_name == "Keep")
    payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
    for name, value in (change or {}).items():
        setattr(payload, name, value)
    transform.spec.payload = payload.SerializeToString()
    pairs = layout(keyed(UTF8, values))
    StageFiles(proto, "stage", ["Keep"], pairs, [Output("Keep", _PAIRS)], keyed=True).write(folder)


def _batches(pairs: list[tuple[str, Any]], rows: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(pairs), rows):
        keys, values = zip(*pairs[start : start + rows], strict=True)
        yield pa.record_batch([pa.array(keys), pa.array(values)], ["key", "value"])


def _run(
    job: Job, pairs: list[tuple[str, Any]], rows: int, **options: Any
) -> list[tuple[str, int]]:
    changed = Job(job.spark, job._project, replace(job.options, **options), job._progress)
    stage = changed.stage("stage", "key string, value bigint")
    found: list[tuple[str, int]] = []
    for batch in stage.process(_batches(pairs, rows)):
        found += zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
    return found


@pytest.mark.parametrize("options", [{}, {"bundle_bytes": 1}, {"state_memory_bytes": 0}])
@pytest.mark.parametrize("rows", [1, 3, 10_000])
def test_a_key_s_state_lasts_until_its_end(
    job: Job, tmp_path: Path, rows: int, options: dict[str, int]
) -> None:
    _write(tmp_path, stateful_functions.Remembers())
    sizes = {"a": 1, "b": 100, "": 3, "c": 2}
    pairs = [(key, n) for key, size in sizes.items() for n in range(size)]
    expected = []
    for key, size in sizes.items():
        expected += [(key, n + 1) for n in range(size)]
        expected.append((f"{key} of {size}", sum(range(size))))
    assert _run(job, pairs, rows, **options) == expected


def test_timers_fire_in_the_order_of_their_times(job: Job, tmp_path: Path) -> None:
    _write(
        tmp_path, stateful_functions.Rings(), {"on_window_expiration_timer_family_spec": "ts-last"}
    )
    of_one_key = [
        ("event a", 100),
        ("event set by a", 150),
        ("event b", 200),
        ("clock early", 5),
        ("event set by early", 1),
        ("clock ", 10),
    ]
    end = GlobalWindow().max_timestamp().micros // 1000 * 1000
    expected = [*of_one_key, ("last of k", end), *of_one_key, ("last of l", end)]
    assert _run(job, [("k", 1), ("k", 2), ("l", 1)], 2) == expected


def test_a_large_key_takes_little_memory(job: Job, tmp_path: Path) -> None:
    mebibytes = 300
    _write(tmp_path, stateful_functions.Hoards(), values={"kind": "bytes"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    value = bytes(1 << 20)
    stage = Job(
        job.spark, job._project, replace(job.options, state_memory_bytes=8 << 20), job._progress
    ).stage("stage", "key string, value bigint")
    rows = (
        pa.record_batch([pa.array(["k"]), pa.array([value])], ["key", "value"])
        for _ in range(mebibytes)
    )
    found = [row for batch in stage.process(rows) for row in batch.to_pylist()]
    assert found == [{"key": "k", "value": mebibytes << 20}]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    assert grown < 150, f"{grown} MiB"


def test_a_value_that_a_cell_refuses_names_cell_and_transform(job: Job, tmp_path: Path) -> None:
    _write(tmp_path, stateful_functions.Misfits())
    with pytest.raises(RuntimeFailure) as caught:
        _run(job, [("k", 1)], 1)
    assert caught.value.code == "runtime/value-not-encodable"
    assert caught.value.transform == "Keep"
    assert "the state 'held' has a value that VarIntCoder refuses" in caught.value.message
