"""What a job does on the driver: computing once, spreading, reporting, refusing."""

from __future__ import annotations

import json
import operator
import os
import subprocess
import sys
import textwrap
import zipfile
from functools import reduce
from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pytest
from beam2spark_runtime import Job, exact_sum, ieee_max, ieee_min, ieee_sum, wrapping_sum
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.failures import describe_error
from beam2spark_runtime.main import run_job
from beam2spark_runtime.materialise import owned_by, persist_now
from beam2spark_runtime.options import (
    RuntimeOptions,
    apply_settings,
    parse_arguments,
    plain_pipeline_options,
)
from beam2spark_runtime.packages import main as packages_main
from beam2spark_runtime.progress import Progress
from beam2spark_runtime.worker_setup import check_versions
from stage_files import VARINT, Output, StageFiles, capture, layout


def _noting_stage(job: Job, folder: Path, notes: Path) -> Any:
    def use(number: int) -> int:
        functions.note(str(notes), str(number))
        return number

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | "Note" >> beam.Map(use).with_output_types(int)

    files = StageFiles(
        capture(build), "note", ["Note"], layout(VARINT), [Output("Note", layout(VARINT))]
    )
    files.write(folder)
    return job.stage("note", "value bigint")


def test_who_lets_go_of_rows_takes_them_from_nobody_else(job: Job) -> None:
    def keep(owner: str) -> Any:
        session = job.spark.newSession()
        return persist_now(owned_by(owner, session.range(9).toDF("id")))

    one, other = keep("one"), keep("other")
    one.unpersist(blocking=True)
    assert not one.storageLevel.useMemory
    assert other.storageLevel.useMemory
    other.unpersist()


@pytest.mark.parametrize("way", ["persist", "checkpoint", "side_input"])
def test_a_materialised_stage_runs_once_per_element(job: Job, tmp_path: Path, way: str) -> None:
    notes = tmp_path / "notes"
    stage = _noting_stage(job, tmp_path, notes)
    frame = job.spark.range(20).withColumnRenamed("id", "value")
    made = getattr(job, way)(frame.mapInArrow(stage.process, stage.schema))
    if way != "side_input":
        assert made.count() == 20
        assert made.repartitionByRange(3, "value").count() == 20
        assert made.union(made).count() == 40
    assert sorted(map(int, notes.read_text().split())) == list(range(20))
    job.close()


def test_run_computes_once_and_makes_no_rows(job: Job, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    stage = _noting_stage(job, tmp_path, notes)
    frame = job.spark.range(20).withColumnRenamed("id", "value")
    job.run(frame.mapInArrow(stage.process, stage.schema))
    assert len(notes.read_text().split()) == 20


def test_spreading_keeps_rows_and_partitions(job: Job) -> None:
    wide = Job(job.spark, job._project, RuntimeOptions(parallelism=5), job._progress)
    spread = wide.spread(job.spark.range(100).coalesce(1))
    assert spread.rdd.getNumPartitions() == 5
    assert sorted(row.id for row in spread.collect()) == list(range(100))


def test_impulse_and_empty(job: Job) -> None:
    assert [bytes(row.value) for row in job.impulse().collect()] == [b""]
    assert job.impulse().schema.simpleString() == "struct<value:binary>"
    assert job.empty("key string, value bigint").collect() == []


def test_exact_sums(job: Job) -> None:
    values = [2**63 - 1, 2**63 - 1, -(2**63), -1, 0, 2**42, -(2**21) - 1, 2**21]
    rows = [("a", v) for v in values] + [("b", -(2**63))] * 3
    frame = job.spark.createDataFrame(rows, "key string, value bigint")
    summed = frame.groupBy("key").agg(exact_sum("value").alias("value"))
    assert summed.schema["value"].dataType.simpleString() == "decimal(38,0)"
    assert {row.key: int(row.value) for row in summed.collect()} == {
        "a": sum(values),
        "b": -3 * 2**63,
    }


def test_wrapping_sums(job: Job) -> None:
    values = [2**63 - 1, 2**63 - 1, -(2**63), -1, 5, 2**42, -(2**21) - 1, 2**21]
    rows = [("a", v) for v in values] + [("b", -(2**63))] * 3 + [("c", 2**31 - 1)] * 3
    frame = job.spark.createDataFrame(rows, "key string, value bigint")
    sums = [wrapping_sum("value", bits=bits).alias(f"of_{bits}") for bits in (8, 16, 32, 64)]
    summed = {row.key: row for row in frame.groupBy("key").agg(*sums).collect()}
    for key in "abc":
        total = sum(value for of, value in rows if of == key)
        for bits in (8, 16, 32, 64):
            wrapped = (total + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)
            assert summed[key][f"of_{bits}"] == wrapped, (key, bits)


def test_bounds_of_doubles_are_those_of_java(job: Job) -> None:
    nan, inf = float("nan"), float("inf")
    cases = {
        "zeros": ([0.0, -0.0], -0.0, 0.0),
        "negative zeros": ([-0.0, -0.0, -1.0], -1.0, -0.0),
        "positive zeros": ([0.0, 2.0], 0.0, 2.0),
        "not a number": ([1.0, nan, -inf], nan, nan),
        "only that": ([nan], nan, nan),
        "infinities": ([inf, 3.0, -inf], -inf, inf),
    }
    rows = [(key, value) for key, (values, _, _) in cases.items() for value in values]
    frame = job.spark.createDataFrame(rows, "key string, value double")
    bounds = [ieee_min("value").alias("least"), ieee_max("value").alias("greatest")]
    found = {row.key: row for row in frame.groupBy("key").agg(*bounds).collect()}
    for key, (_, least, greatest) in cases.items():
        assert [repr(found[key].least), repr(found[key].greatest)] == [repr(least), repr(greatest)]


def test_sums_of_doubles_that_begin_with_the_first(job: Job) -> None:
    nan = float("nan")
    cases = [[-0.0], [-0.0, -0.0], [0.0, -0.0], [-0.0, 1.5], [-1.0, 1.0], [nan, -0.0]]
    rows = [(key, value) for key, values in enumerate(cases) for value in values]
    frame = job.spark.createDataFrame(rows, "key bigint, value double")
    sums = frame.groupBy("key").agg(ieee_sum("value").alias("value")).collect()
    expected = {key: repr(reduce(operator.add, values)) for key, values in enumerate(cases)}
    assert {row.key: repr(row.value) for row in sums} == expected


def test_checkpoints_on_a_cluster_need_a_temp_location(job: Job, monkeypatch: Any) -> None:
    monkeypatch.setattr(job.spark.sparkContext, "master", "spark://somewhere:7077")
    with pytest.raises(RuntimeFailure, match="runtime/temp-location-missing"):
        job.checkpoint(job.impulse())


def test_checkpoints_under_the_temp_location_are_deleted_at_the_end(
    job: Job, tmp_path: Path
) -> None:
    options = RuntimeOptions(temp_location=f"file://{tmp_path}/shared")
    own = Job(job.spark, job._project, options, job._progress)
    kept = own.checkpoint(job.spark.range(5), node=3)
    assert kept.count() == 5
    assert list((tmp_path / "shared").rglob("*.parquet"))
    own.close()
    assert not list((tmp_path / "shared").rglob("*.parquet"))


def test_options_from_arguments_and_settings() -> None:
    options, rest = parse_arguments(["--temp-location", "/t", "--parallelism", "3", "--other"])
    assert (options.temp_location, options.parallelism, rest) == ("/t", 3, ["--other"])
    settings = {"spark.beam2spark.tempLocation": "/s", "spark.beam2spark.bundleBytes": "5"}
    applied = apply_settings(options, settings.get)
    assert (applied.temp_location, applied.bundle_bytes, applied.parallelism) == ("/t", 5, 3)
    for wrong in ("many", "1.5", "-1"):
        with pytest.raises(
            RuntimeFailure, match="(?s)runtime/bad-argument.*hosts is .* not " + wrong
        ):
            apply_settings(options, {"spark.beam2spark.hosts": wrong}.get)
        with pytest.raises(SystemExit):
            parse_arguments(["--hosts", wrong])
    portable = {"beam:option:job_name:v1": "x", "beam:option:streaming:v1": False}
    assert plain_pipeline_options(portable) == {"job_name": "x", "streaming": False}
    assert plain_pipeline_options({"options": {"a": 1}}) == {"a": 1}


def test_versions_are_compared(monkeypatch: Any) -> None:
    check_versions(None, None, "here")
    check_versions(
        f"{sys.version_info.major}.{sys.version_info.minor}.99", beam.__version__, "here"
    )
    for python, sdk, code in [
        ("2.7", None, "runtime/python-version"),
        (None, "2.1.0", "runtime/beam-version"),
    ]:
        with pytest.raises(RuntimeFailure, match=code):
            check_versions(python, sdk, "here")


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _write_project(folder: Path, body: str, plan: dict[str, Any]) -> Any:
    (folder / "plan.json").write_text(json.dumps(plan))
    source = folder / "job.py"
    source.write_text(textwrap.dedent(body))
    space: dict[str, Any] = {}
    exec(compile(source.read_text(), str(source), "exec"), space)
    return space["build"]


_NODES = [{"id": "n1", "number": 1, "name": "Read/Impulse"}]


def test_events_of_a_run(spark: Any, tmp_path: Path, monkeypatch: Any) -> None:
    events = tmp_path / "events"
    monkeypatch.setenv("BEAM2SPARK_EVENTS", str(events))
    body = """
    def build(job):
        job.run(job.spark.range(10), node=1)
    """
    build = _write_project(tmp_path, body, {"nodes": _NODES})
    assert run_job(build, []) == 0
    kinds = [event["event"] for event in _events(events) if event["event"] != "node-progress"]
    assert kinds == ["node-started", "node-finished", "metrics", "monitoring-infos"]
    assert spark.range(1).count() == 1


def test_a_failure_is_reported_with_its_node_once(
    spark: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    events = tmp_path / "events"
    monkeypatch.setenv("BEAM2SPARK_EVENTS", str(events))
    body = """
    def build(job):
        def fail(batches):
            raise ValueError("broken")
            yield
        job.run(job.spark.range(10).mapInArrow(fail, "id bigint"), node=1)
    """
    build = _write_project(tmp_path, body, {"nodes": _NODES})
    assert run_job(build, []) == 1
    (failed,) = [event for event in _events(events) if event["event"] == "failed"]
    assert failed["node"] == 1
    assert failed["code"] == "runtime/job-failed"
    assert failed["message"] == "ValueError: broken"
    assert "ValueError: broken" in failed["traceback"]


def test_wrong_versions_and_arguments_are_refused_before_anything(
    tmp_path: Path, capsys: Any
) -> None:
    body = "def build(job):\n    raise AssertionError\n"
    plan = {"nodes": [], "pipeline": {"sdkVersion": "1.0.0", "pythonVersion": None}}
    assert run_job(_write_project(tmp_path, body, plan), []) == 2
    assert "error runtime/beam-version" in capsys.readouterr().err
    assert run_job(_write_project(tmp_path, body, {}), ["--nonsense"]) == 2
    assert "--nonsense" in capsys.readouterr().err


def test_lines_for_a_person(spark: Any, tmp_path: Path, capsys: Any) -> None:
    progress = Progress(_NODES, None)
    with progress.node(1, spark.sparkContext):
        spark.range(1).count()
    progress.metrics([{"transform": "T", "namespace": "n", "name": "m", "value": 3}], [])
    assert capsys.readouterr().err.splitlines() == [
        "[1] Read/Impulse",
        "metrics",
        "  T  n.m = 3",
    ]


def test_failures_are_read_out_of_sparks_text() -> None:
    failure = RuntimeFailure("runtime/x", "why\nso", transform="A/B", hint="do", trace=None)
    text = f"Job aborted: \nPythonException: Traceback\n{failure}\nSQLSTATE: 1\n\tat org.apache.x"
    assert describe_error(Exception(text)) == {
        "code": "runtime/x",
        "transform": "A/B",
        "message": "why so",
        "hint": "do",
        "traceback": None,
    }


def test_sparks_own_failures_are_brought_to_their_cause(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a parquet file")
    causes = []
    below = str(tmp_path / "file" / "below")
    for act in (
        spark.range(1).selectExpr("raise_error('no more')").collect,
        spark.read.schema("id bigint").parquet(str(tmp_path / "file")).collect,
        lambda: spark.range(1).write.parquet(below),
    ):
        with pytest.raises(Exception) as raised:
            act()
        causes.append(describe_error(raised.value)["message"])
    assert causes[0].startswith("SparkRuntimeException: [USER_RAISED_EXCEPTION] no more")
    assert causes[1].startswith("org.apache.spark.SparkException: [FAILED_READ_FILE")
    assert ", caused by java.lang.RuntimeException: file:" in causes[1]
    assert causes[2].count("file") and "An error occurred" not in causes[2]
    died = describe_error(Exception("Python worker exited unexpectedly (crashed)\n\tat x"))
    assert died["code"] == "runtime/worker-died"


def test_the_main_session_and_options_reach_a_worker(tmp_path: Path) -> None:
    session = tmp_path / "session"
    script = f"""
    from apache_beam import coders
    from apache_beam.internal import pickler
    class Own: pass
    class OwnCoder(coders.Coder): pass
    coders.registry.register_coder(Own, OwnCoder)
    pickler.dump_session({str(session)!r})
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)
    check = f"""
    from apache_beam import coders
    from apache_beam.options.value_provider import RuntimeValueProvider
    from beam2spark_runtime.options import RuntimeOptions
    from beam2spark_runtime.worker_setup import WorkerSetup
    session = open({str(session)!r}, "rb").read()
    options = '{{"my_option": "seen"}}'
    WorkerSetup("job", RuntimeOptions(), options, session, None, None).prepare()
    assert RuntimeValueProvider.get_value("my_option", str, None) == "seen"
    registered = coders.registry.get_custom_type_coder_tuples()
    assert "OwnCoder" in [coder.__name__ for _, coder in registered]
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(check)], check=True, env=os.environ)


def test_staged_packages_are_archived(tmp_path: Path) -> None:
    project = tmp_path / "source"
    (project / "tinypackage").mkdir(parents=True)
    (project / "tinypackage" / "__init__.py").write_text("ANSWER = 42\n")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "tinypackage"\nversion = "1.0"\n'
    )
    artifacts = tmp_path / "artifacts"
    artifacts.mkdir()
    build = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "-q"]
    subprocess.run([*build, str(project), "-w", str(artifacts)], check=True)
    (wheel,) = artifacts.iterdir()
    (artifacts / "extra_packages.txt").write_text(f"{wheel.name}\n")
    (artifacts / "pickled_main_session").write_bytes(b"x")
    out = tmp_path / "out.zip"
    assert packages_main([str(artifacts), str(out)]) == 0
    assert "tinypackage/__init__.py" in zipfile.ZipFile(out).namelist()
    (artifacts / "extra_packages.txt").write_text("../escape.whl\n")
    with pytest.raises(ValueError, match="escape"):
        packages_main([str(artifacts), str(out)])


def test_no_staged_packages_make_no_archive(tmp_path: Path) -> None:
    (tmp_path / "pickled_main_session").write_bytes(b"x")
    assert packages_main([str(tmp_path), str(tmp_path / "out.zip")]) == 0
    assert not (tmp_path / "out.zip").exists()
