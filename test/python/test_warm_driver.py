"""A real warm driver, spoken to over its socket as the Job service does."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import functions
import pytest
from apache_beam.metrics import MetricsFilter
from apache_beam.portability.api import beam_job_api_pb2, metrics_pb2
from apache_beam.runners.portability.portable_runner import PortableMetrics
from stage_files import VARINT, Output, StageFiles, capture, layout
from warm_client import WarmClient

_NODES = [{"id": "n1", "number": 1, "name": "Whole/Step"}]
_RUN_STAGE = """
    stage = job.stage("stage", "value bigint")
    frame = job.spark.range(0, {count}, 1, 2).withColumnRenamed("id", "value")
    frame = frame.mapInArrow(stage.process, stage.schema)
    job.run(frame, node=1)
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: Any) -> Iterator[WarmClient]:
    """One driver for all tests; the last one ends it."""
    folder = tmp_path_factory.mktemp("driver")
    modules = folder / "modules"
    modules.mkdir()
    path = os.pathsep.join([str(modules), os.environ["PYTHONPATH"]])
    client = WarmClient(folder / "log", {"PYTHONPATH": path}, **{"spark.app.name": "tests"})
    client.wait(lambda event: event["event"] == "ready", 120)
    yield client
    client.close()


def _write_project(folder: Path, body: str, head: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps({"nodes": _NODES}))
    (folder / "job.py").write_text(f"{head}\n\ndef build(job):\n{body}")
    return folder


def _write_stage(folder: Path, transform: Any, count: int = 4) -> Path:
    """A project of one stage, whose only transform is called `Whole/Step`."""

    class Whole(beam.PTransform):
        def expand(self, numbers: Any) -> Any:
            return numbers | "Step" >> transform.with_output_types(int)

    def build(pipeline: beam.Pipeline) -> None:
        pipeline | beam.Create([1]) | "Whole" >> Whole()

    step = Output("Whole/Step", layout(VARINT))
    StageFiles(capture(build), "stage", ["Whole/Step"], layout(VARINT), [step]).write(folder)
    return _write_project(folder, _RUN_STAGE.format(count=count))


def _infos(driver: WarmClient, job: str) -> list[metrics_pb2.MonitoringInfo]:
    (sent,) = driver.of_job(job, "monitoring-infos")
    return [metrics_pb2.MonitoringInfo.FromString(base64.b64decode(i)) for i in sent["infos"]]


def _results(infos: list[metrics_pb2.MonitoringInfo]) -> PortableMetrics:
    """A job's metrics, as the client of the Job service makes them of the service's answer."""
    answer = beam_job_api_pb2.GetJobMetricsResponse()
    answer.metrics.attempted.extend(infos)
    answer.metrics.committed.extend(infos)
    return PortableMetrics(answer)


def test_a_job_reports_its_nodes_and_metrics(driver: WarmClient, tmp_path: Path) -> None:
    driver.run("metrics", _write_stage(tmp_path, beam.ParDo(functions.Counts()), 10))
    assert driver.finish("metrics") == "done"
    kinds = [e["event"] for e in driver.events if e.get("job") == "metrics"]
    assert [kind for kind in kinds if kind != "node-progress"] == [
        *["node-started", "node-finished", "metrics", "monitoring-infos", "finished"]
    ]
    infos = _infos(driver, "metrics")
    results = _results(infos)
    found = results.query(MetricsFilter().with_step("Whole/Step").with_namespace("words"))
    (counter,), (distribution,), (gauge,) = (
        found[kind] for kind in ("counters", "distributions", "gauges")
    )
    (kinds_set,), (paths,) = found["string_sets"], found["bounded_tries"]
    assert (counter.key.step, counter.key.metric.name) == ("Whole/Step", "seen")
    assert counter.committed == counter.attempted == 10
    spread = distribution.committed
    assert (spread.count, spread.sum, spread.min, spread.max) == (10, 45, 0, 9)
    assert gauge.committed.value == 7
    assert kinds_set.committed == {"k0", "k1", "k2"}
    assert set(paths.committed.flattened()) == {("a", "0", False), ("a", "1", False)}
    assert results.query(MetricsFilter().with_step("Step"))["counters"] == [counter]
    assert len(infos) == 5


def test_what_sparks_pages_keep_has_bounds_that_a_user_may_set(
    driver: WarmClient, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    body = f"""
    import json, pathlib
    conf = job.spark.sparkContext.getConf()
    names = ["spark.ui.retainedTasks", "spark.app.name"]
    pathlib.Path({str(out)!r}).write_text(json.dumps([conf.get(name) for name in names]))
"""
    driver.run("bounds", _write_project(tmp_path, body))
    assert driver.finish("bounds") == "done"
    assert json.loads(out.read_text()) == ["20000", "tests"]


def test_log_lines_are_messages_and_not_too_many(driver: WarmClient, tmp_path: Path) -> None:
    driver.run("logs", _write_stage(tmp_path, beam.ParDo(functions.Logs(300)), 2))
    assert driver.finish("logs") == "done"
    messages = driver.of_job("logs", "message")
    texts = {(m["importance"], m["text"]) for m in messages}
    assert ("basic", "Whole/Step: saw 0") in texts
    assert ("basic", "Whole/Step: saw 1") in texts
    assert len(messages) == 2 * 201
    (left_out,) = (text for importance, text in texts if importance == "warning")
    assert left_out.startswith("101 more messages of this task")
    assert driver.log.read_text().count("saw 1\n") >= 300


def test_a_failure_says_where_and_what_was_logged_before(
    driver: WarmClient, tmp_path: Path
) -> None:
    driver.run("fails", _write_stage(tmp_path, beam.ParDo(functions.Logs(1, fails_at=3))))
    assert driver.finish("fails") == "failed"
    (failed,) = driver.of_job("fails", "failed")
    assert failed["code"] == "runtime/user-function-failed"
    assert (failed["node"], failed["transform"]) == (1, "Whole/Step")
    assert failed["message"] == "ValueError: enough"
    assert "functions.py" in failed["traceback"]
    messages = driver.of_job("fails", "message")
    assert {"job": "fails", "event": "message", "importance": "warning"} | {
        "text": "Whole/Step: careful"
    } in messages
    assert driver.events.index(messages[-1]) < driver.events.index(failed)
    assert len(driver.of_job("fails", "monitoring-infos")) == 1


def test_a_dead_worker_has_a_code(driver: WarmClient, tmp_path: Path) -> None:
    driver.run("dies", _write_stage(tmp_path, beam.Map(functions.die)))
    assert driver.finish("dies") == "failed"
    (failed,) = driver.of_job("dies", "failed")
    assert failed["code"] == "runtime/worker-died"
    assert failed["node"] == 1
    assert "worker" in failed["message"] and "os._exit" in failed["hint"]


def test_a_job_that_cant_start_fails(driver: WarmClient, tmp_path: Path) -> None:
    driver.run("refused", _write_project(tmp_path / "a", "    pass\n"), "--nonsense")
    assert driver.finish("refused") == "failed"
    assert driver.of_job("refused", "failed")[0]["code"] == "runtime/unknown-argument"
    driver.run("absent", tmp_path / "nowhere")
    assert driver.finish("absent") == "failed"
    assert "job.py" in driver.of_job("absent", "failed")[0]["message"]


def test_a_job_that_ends_the_process_only_fails(driver: WarmClient, tmp_path: Path) -> None:
    driver.run("exits", _write_project(tmp_path, "    raise SystemExit('enough of it')\n"))
    assert driver.finish("exits") == "failed"
    (failed,) = driver.of_job("exits", "failed")
    assert "enough of it" in failed["message"]


def test_a_report_that_cant_be_read_is_a_reason(driver: WarmClient, tmp_path: Path) -> None:
    body = (
        "    from beam2spark_runtime.task_reports import TaskReport\n"
        "    job.checkpoint(job.impulse())\n"
        "    job._reports.add({('stage', 0): TaskReport([b'no proto'], [])})\n"
    )
    project = _write_project(tmp_path / "project", body)
    driver.run("unread", project, "--temp-location", str(tmp_path / "temp"))
    assert driver.finish("unread") == "failed"
    assert "DecodeError" in driver.of_job("unread", "failed")[0]["traceback"]
    assert not list((tmp_path / "temp").rglob("*.parquet"))


def test_what_cant_be_let_go_keeps_nothing_else(driver: WarmClient, tmp_path: Path) -> None:
    body = "    job.checkpoint(job.impulse())\n    job.side_input(job.impulse()).destroy()\n"
    project = _write_project(tmp_path / "project", body)
    driver.run("destroyed", project, "--temp-location", str(tmp_path / "temp"))
    assert driver.finish("destroyed") == "done"
    (warning,) = driver.of_job("destroyed", "message")
    assert warning["importance"] == "warning"
    assert "could not let go" in warning["text"] and "destroyed" in warning["text"]
    assert not list((tmp_path / "temp").rglob("*.parquet"))


def _descends(process: Path, ancestor: int) -> bool:
    try:
        while process.name not in ("0", "1"):
            if int(process.name) == ancestor:
                return True
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            process = Path("/proc") / parent
    except (OSError, ValueError):
        return False
    return False


def test_a_cancelled_job_ends_while_another_goes_on(driver: WarmClient, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    slow = _write_stage(tmp_path / "slow", beam.ParDo(functions.SleepsForever(str(notes))))
    quick = _write_stage(tmp_path / "quick", beam.Map(functions.double_slowly), 20)
    driver.run("quick", quick)
    driver.run("slow", slow)
    deadline = time.monotonic() + 30
    while not notes.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    began = time.monotonic()
    driver.send(command="cancel", job="slow")
    assert driver.finish("slow", 15) == "cancelled"
    assert time.monotonic() - began < 10
    assert driver.of_job("slow", "failed") == []
    assert driver.finish("quick") == "done"
    # Its workers go with it.
    workers = [Path("/proc", process) for process in notes.read_text().split()]
    deadline = time.monotonic() + 5
    while any(worker.exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers and not any(worker.exists() for worker in workers)


def test_a_job_is_cancelled_between_sparks_jobs_too(driver: WarmClient, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    body = (
        "    import pathlib, time\n"
        f"    pathlib.Path({str(notes)!r}).touch()\n"
        "    for _ in range(100):\n"
        "        time.sleep(0.1)\n"
        "        job.run(job.impulse(), node=1)\n"
    )
    driver.run("between", _write_project(tmp_path / "project", body))
    deadline = time.monotonic() + 30
    while not notes.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    driver.send(command="cancel", job="between")
    assert driver.finish("between", 8) == "cancelled"
    driver.send(command="cancel", job="between")
    driver.send(command="cancel", job="never heard of")


def test_jobs_have_their_own_pipeline_options_at_once(driver: WarmClient, tmp_path: Path) -> None:
    flavours = ("salt", "sweet")
    for flavour in flavours:
        notes = str(tmp_path / f"notes-{flavour}")
        project = _write_stage(tmp_path / flavour, beam.Map(functions.note_option, notes), 8)
        (project / "pipeline_options.json").write_text(json.dumps({"flavour": flavour}))
        driver.run(flavour, project)
    for flavour in flavours:
        assert driver.finish(flavour) == "done"
        notes = (tmp_path / f"notes-{flavour}").read_text().split()
        assert notes == [flavour] * 8


def test_jobs_dont_see_each_other(driver: WarmClient, tmp_path: Path) -> None:
    """Equal names of stages, views and settings, and what each leaves, job by job."""
    body = """
    import json, pathlib, sys
    job.spark.range({number}).createOrReplaceTempView("mine")
    before = job.spark.conf.get("spark.sql.files.minPartitionNum", None)
    lines = job.read_text({text!r})
    kept = job.checkpoint(lines, node=1)
    side = job.side_input(lines)
    persisted = job.persist(lines)
    found = {{
        "views": job.spark.table("mine").count(),
        "before": before,
        "lines": kept.count(),
        "persisted": len(list(job.spark.sparkContext._jsc.getPersistentRDDs())),
        "modules": sorted(name for name in sys.modules if "job" in name),
        "path": sys.path,
    }}
    pathlib.Path({out!r}).write_text(json.dumps(found))
"""
    text = tmp_path / "text"
    text.write_text("a\nb\n")
    found = []
    for number in (3, 5):
        out = tmp_path / f"out{number}"
        project = _write_project(
            tmp_path / f"p{number}", body.format(number=number, text=str(text), out=str(out))
        )
        name = f"apart{number}"
        driver.run(name, project, "--temp-location", str(tmp_path / "temp"))
        assert driver.finish(name) == "done", driver.of_job(name, "failed")
        found.append(json.loads(out.read_text()))
        assert {path.name for path in project.iterdir()} == {"plan.json", "job.py"}
    first, second = found
    assert (first["views"], second["views"]) == (3, 5)
    assert second | {"views": 0} == first | {"views": 0}
    assert first["before"] is None and first["lines"] == 2 and first["persisted"] == 1
    assert not list((tmp_path / "temp").rglob("*.parquet"))
    assert not list((tmp_path / "temp").rglob("beam2spark-*"))


_SAVE_SESSION = """
import sys
from apache_beam import coders
from apache_beam.internal import pickler
class Own: pass
class OwnCoder(coders.Coder): pass
coders.registry.register_coder(Own, OwnCoder)
pickler.dump_session(sys.argv[1])
"""


def test_a_worker_keeps_nothing_of_the_job_before(driver: WarmClient, tmp_path: Path) -> None:
    found = []
    for number, value in enumerate(("old", "newer")):
        (driver.log.parent / "modules" / "beside.py").write_text(f"VALUE = {value!r}\n")
        notes = tmp_path / f"notes{number}"
        step = beam.Map(functions.note_worker, str(notes))
        project = _write_stage(tmp_path / f"p{number}", step, 8)
        if number == 0:
            session = project / "artifacts" / "pickled_main_session"
            session.parent.mkdir()
            subprocess.run([sys.executable, "-c", _SAVE_SESSION, str(session)], check=True)
            options = {"sdk_harness_log_level_overrides": {"shop": "ERROR"}}
            (project / "pipeline_options.json").write_text(json.dumps(options))
        driver.run(f"keeps{number}", project)
        assert driver.finish(f"keeps{number}") == "done", driver.of_job(f"keeps{number}", "failed")
        found.append([json.loads(line) for line in notes.read_text().splitlines()])
    first, second = found
    assert {worker["process"] for worker in first} & {worker["process"] for worker in second}
    assert {worker["value"] for worker in first} == {"old"}
    assert {worker["value"] for worker in second} == {"newer"}
    assert all("Own" in worker["coders"] for worker in first)
    assert not any("Own" in worker["coders"] for worker in second)
    assert {worker["level"] for worker in first} == {logging.ERROR}
    assert {worker["level"] for worker in second} == {logging.NOTSET}


def test_a_driver_ends_with_java(tmp_path: Path) -> None:
    other = WarmClient(tmp_path / "log")
    other.wait(lambda event: event["event"] == "ready", 120)
    (java,) = (
        int(path.name)
        for path in Path("/proc").iterdir()
        if _descends(path, other.process.pid) and (path / "comm").read_text().strip() == "java"
    )
    os.kill(java, signal.SIGKILL)
    assert other.process.wait(20) != 0


def test_a_driver_ends_with_its_service_whatever_runs(driver: WarmClient, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    project = _write_stage(tmp_path / "p", beam.ParDo(functions.SleepsForever(str(notes))))
    driver.run("last", project)
    driver.wait(lambda event: event.get("job") == "last" and event["event"] == "node-started")
    assert driver.close() == 0
