"""Side inputs on a real Spark, in every form that Beam has, sent around and stored in files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.coders import StrUtf8Coder
from beam2spark_runtime import Job
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.materialise import TempFolder
from beam2spark_runtime.options import RuntimeOptions
from beam2spark_runtime.port import create_columns
from beam2spark_runtime.side_inputs import SideInput
from beam2spark_runtime.stored_rows import StoredRows
from beam2spark_runtime.stored_side_input import StoredSideInput
from stage_files import INTERVAL, UTF8, VARINT, Output, StageFiles, capture, keyed, layout

_PAIRS = [("a", 1), ("b", 2), ("a", 1), ("a", 3)]

_PLAN = {
    "nodes": [
        {"id": "p1", "number": 1, "name": "side"},
        {"id": "p2", "number": 2, "name": "use", "stage": "use", "sideInputs": [{"node": "p1"}]},
    ]
}


@pytest.fixture(params=["sent", "stored"])
def job(job: Job, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Job]:
    """A job that sends its side inputs to the executors, and one that stores them."""
    (tmp_path / "plan.json").write_text(json.dumps(_PLAN))
    limit = 1 << 20 if request.param == "sent" else -1
    options = RuntimeOptions(max_side_input_bytes=limit)
    changed = Job(job.spark, job._project, options, job._progress)
    yield changed
    assert changed.close() == []


def _run(
    job: Job,
    folder: Path,
    view: Any,
    use: Any,
    rows: list[tuple[str, int]],
    unique: bool = False,
) -> list[str]:
    def build(pipeline: beam.Pipeline) -> None:
        numbers = pipeline | "In" >> beam.Create([1]).with_output_types(int)
        side = pipeline | "Side" >> beam.Create(_PAIRS).with_output_types(tuple[str, int])
        numbers | "Use" >> beam.Map(use, view(side)).with_output_types(str)

    pair_layout = layout(keyed(UTF8, VARINT))
    files = StageFiles(
        capture(build),
        "use",
        ["Use"],
        layout(VARINT),
        [Output("Use", layout(UTF8))],
        side_inputs={("Use", "side0"): pair_layout, ("Use", "python_side_input0"): pair_layout},
    )
    files.write(folder)
    (folder / "plan.json").write_text(json.dumps(_PLAN))
    frame = job.spark.createDataFrame(rows, "key string, value bigint").coalesce(1)
    stage = job.stage("use", "value string", side_inputs=[job.side_input(frame, 1)])
    numbers = job.spark.range(2).withColumnRenamed("id", "value")
    return [row.value for row in numbers.mapInArrow(stage.process, stage.schema).collect()]


def test_iterables_keep_duplicates_and_can_be_read_again(job: Job, tmp_path: Path) -> None:
    def use(n: int, side: Any) -> str:
        assert list(side) == list(side)
        return repr(sorted(side))

    assert _run(job, tmp_path, beam.pvalue.AsIter, use, _PAIRS) == [repr(sorted(_PAIRS))] * 2
    assert _run(job, tmp_path, beam.pvalue.AsList, use, []) == ["[]"] * 2


def test_multimaps_answer_by_key(job: Job, tmp_path: Path) -> None:
    def use(n: int, side: Any) -> str:
        return repr([sorted(side[key]) for key in ("a", "b", "none")])

    rows = _run(job, tmp_path, beam.pvalue.AsMultiMap, use, _PAIRS)
    assert rows == [repr([[1, 1, 3], [2], []])] * 2


def test_dictionaries_and_singletons(job: Job, tmp_path: Path) -> None:
    def use(n: int, side: Any) -> str:
        return repr(side)

    once = [("a", 1), ("b", 2)]
    assert _run(job, tmp_path, beam.pvalue.AsDict, use, once) == [repr(dict(once))] * 2
    assert _run(job, tmp_path, beam.pvalue.AsSingleton, use, once[:1]) == [repr(once[0])] * 2
    with pytest.raises(Exception, match="more than one element"):
        _run(job, tmp_path, beam.pvalue.AsSingleton, use, once)

    def default(side: Any) -> Any:
        return beam.pvalue.AsSingleton(side, default_value="none")

    assert _run(job, tmp_path, default, use, []) == ["'none'"] * 2


def test_windows_see_their_own_elements(job: Job, tmp_path: Path) -> None:
    def build(pipeline: beam.Pipeline) -> None:
        numbers = pipeline | "In" >> beam.Create([1]).with_output_types(int)
        side = pipeline | "Side" >> beam.Create([1]).with_output_types(int)
        windows = beam.window.FixedWindows(10)
        numbers = numbers | "Window" >> beam.WindowInto(windows)
        side = side | "Window side" >> beam.WindowInto(beam.window.FixedWindows(20))
        (
            numbers
            | "Use"
            >> beam.Map(lambda n, side: (n, sum(side)), beam.pvalue.AsIter(side)).with_output_types(
                tuple[int, int]
            )
        )

    windowed = layout(VARINT, window=INTERVAL)
    StageFiles(
        capture(build),
        "use",
        ["Use"],
        windowed,
        [Output("Use", layout(keyed(VARINT, VARINT)))],
        side_inputs={("Use", "python_side_input0"): windowed, ("Use", "side0"): windowed},
    ).write(tmp_path)
    schema = "value bigint, window_start bigint, window_end bigint"
    side = job.spark.createDataFrame([(1, 0, 20000), (2, 0, 20000), (4, 20000, 40000)], schema)
    main = job.spark.createDataFrame(
        [(1, 0, 10000), (2, 10000, 20000), (3, 20000, 30000), (4, 40000, 50000)], schema
    )
    stage = job.stage("use", "key bigint, value bigint", side_inputs=[job.side_input(side, 1)])
    rows = main.mapInArrow(stage.process, stage.schema).collect()
    assert sorted((r.key, r.value) for r in rows) == [(1, 3), (2, 3), (3, 4), (4, 0)]


def test_a_side_input_over_the_limit_is_stored_and_goes_with_the_job(
    job: Job, tmp_path: Path
) -> None:
    _run(job, tmp_path, beam.pvalue.AsMultiMap, lambda n, side: "", _PAIRS)
    frame = job.spark.createDataFrame(_PAIRS, "key string, value bigint").coalesce(1)
    made = job.side_input(frame, 1)
    if job.options.max_side_input_bytes > 0:
        assert not isinstance(made, StoredRows)
        return
    assert isinstance(made, StoredRows)
    files = [Path(path.removeprefix("file:")) for path in made.paths]
    assert files and all(file.is_file() for file in files)
    assert job.close() == []
    assert not any(file.exists() for file in files)


def test_without_a_place_for_files_the_failure_says_what_to_do(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TempFolder, "is_available", False)
    frame = job.spark.createDataFrame(_PAIRS, "key string, value bigint").coalesce(1)
    if job.options.max_side_input_bytes > 0:
        job.side_input(frame, 1)
        return
    with pytest.raises(RuntimeFailure) as raised:
        job.side_input(frame, 1)
    assert raised.value.code == "runtime/temp-location-missing"
    assert "maxSideInputBytes" in str(raised.value.hint)


def test_all_distinct_keys_are_given_once(job: Job, tmp_path: Path) -> None:
    rows = [(f"k{n % 300}", n) for n in range(2000)]
    _run(job, tmp_path, beam.pvalue.AsMultiMap, lambda n, side: "", rows)
    frame = job.spark.createDataFrame(rows, "key string, value bigint").repartition(3)
    made = job.side_input(frame, 1)
    (reader,) = job._project.find_readers(1)
    find_coder = reader.create_find_coder()
    columns = create_columns(reader.layout, find_coder)
    if isinstance(made, StoredRows):
        side: Any = StoredSideInput(made, reader.layout, columns)
    else:
        table = pa.ipc.open_stream(made.value).read_all()
        coders = reader.window_coder(find_coder), reader.key_coder(find_coder)
        side = SideInput(table, reader.layout, columns, *coders)
    keys = list(side.keys(b""))
    assert len(keys) == 300
    assert set(keys) == {StrUtf8Coder().get_impl().encode_nested(f"k{n}") for n in range(300)}
    assert list(side.keys(b"")) == keys
    assert sorted(side.look_up(b"", keys[0]))[1] - sorted(side.look_up(b"", keys[0]))[0] == 300
    assert list(side.keys(b"none")) == []


def test_many_keys_and_large_groups_are_found(job: Job, tmp_path: Path) -> None:
    rows = [(f"k{n % 5000}", n) for n in range(20_000)] + [("hot", n) for n in range(30_000)]

    def use(n: int, side: Any) -> str:
        found = [sorted(side[f"k{key}"]) for key in range(0, 5000, 7)]
        assert found == [list(range(key, 20_000, 5000)) for key in range(0, 5000, 7)]
        assert sorted(side["hot"]) == list(range(30_000))
        assert list(side["hot"]) == list(side["hot"])
        return repr([list(side[key]) for key in ("k5000", "", "ho")])

    assert _run(job, tmp_path, beam.pvalue.AsMultiMap, use, rows) == ["[[], [], []]"] * 2
