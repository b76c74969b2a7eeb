"""`beam2spark run` as a user types it: real spark-submit, results, metrics, exit status."""

import contextlib
import glob
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import places
import pytest
from cases import CASES
from records import compare_records, read_records
from written_files import compare_files, read_files

BY_NAME = {case.name: case for case in CASES}
METRICS = {
    "halve:seen": "counter 200",
    "life:seen": "counter 100",
    "life:latest": "gauge 42",
    "life:sizes": "distribution count 100, sum 4950, min 0, max 99",
}


@pytest.fixture(scope="module")
def beam(tmp_path_factory):
    """The folder with Beam's own runs of the fixtures below."""
    folder = os.path.join(tmp_path_factory.mktemp("beam"), "results")
    problem = places.run_on_beam(["word-count", "bundles", "bounded-source"], folder)
    assert problem is None, problem
    return folder


def read_log(folder):
    """What the command printed."""
    with open(os.path.join(folder, "log"), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("way", ["auto", "scala"])
def test_word_count_on_a_cluster(beam, cluster, tmp_path, way):
    result = str(tmp_path / "result")
    problem = places.run_by_command("word-count", "pipeline", way, cluster, result)
    assert problem is None, problem
    files = [read_files(os.path.join(path, "files")) for path in (f"{beam}/word-count", result)]
    assert compare_files(BY_NAME["word-count"].outputs, *files) == []


def test_splits_are_read_on_a_cluster(beam, cluster, tmp_path):
    # Scala's source of its own: made on the driver, its splits travel to the executors.
    result = str(tmp_path / "result")
    problem = places.run_by_command("bounded-source", "pipeline", "scala", cluster, result)
    assert problem is None, problem
    folders = [os.path.join(path, "records") for path in (f"{beam}/bounded-source", result)]
    records = [read_records(folder) for folder in folders]
    assert records[0] and compare_records(*records) == []


def run_with_faults(ways, master, folder, *arguments, **variables):
    """Runs a program whose task fails in each of the ways, and in a further attempt no more, and
    compares its results; gives the command line of what each attempt has hit.
    """
    attempts, results = folder / "attempts", folder / "results"
    attempts.mkdir()
    results.mkdir()
    program = os.path.join(places.HERE, "programs", "killing.py")
    command = [
        *(*places.COMMAND_LINE, "run", "--python", sys.executable, "--lane", "fn-api"),
        *("--master", master, "--temp-location", str(folder / "temp"), *arguments),
        *(*places.list_conf(str(folder)), "--", "python", program),
        *(",".join(ways), attempts, results),
    ]
    environment = {**places.make_environment(str(folder)), **variables}
    del environment["PYTHONPATH"]
    problem = places.run_process(command, str(folder), environment)
    assert problem is None, problem
    hit = [path.read_text() for path in sorted(attempts.iterdir())]
    assert len(hit) == len(ways) + 1
    written = {path.name: path.read_text() for path in results.iterdir()}
    assert written == {str(key): str(list(range(key, 1000, 7))) for key in range(7)}
    return hit


def test_functions_in_workers_on_a_cluster(cluster, tmp_path):
    # A worker is killed, then a host: Spark's further attempts give the results, once each.
    worker, host, _ = run_with_faults(["worker", "host"], cluster, tmp_path)
    assert "worker_forker.py" in worker, "it was not forked"
    # Each executor has started its own, from what Spark has brought it, and took it along.
    application = find_application(str(tmp_path))
    digest = hashlib.sha256(application.encode()).hexdigest()[:16]
    folders = f"/tmp/beam2spark-host-{os.getuid()}-{digest}-"
    [owner] = re.findall(r"--owner (\d+)", host)
    assert f"--folder {folders}{owner}-0" in host, host
    deadline = time.monotonic() + 20
    while glob.glob(f"{folders}*") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert glob.glob(f"{folders}*") == []
    assert not list_processes(folders), list_processes(folders)


def test_a_local_master_tries_what_a_fault_has_ended_again(tmp_path):
    # On one of the launcher's hosts; that and what it forks workers from are among what ends.
    ways = ["worker", "stopped-worker", "forker", "host"]
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    settings = {"workerSilenceSeconds": 3, "hosts": 2}
    words = [f"--conf=spark.beam2spark.{name}={value}" for name, value in settings.items()]
    run_with_faults(ways, "local[2,5]", tmp_path, *words, TMPDIR=str(temporary))
    assert [path.name[:15] for path in temporary.glob("beam2spark-*")] == ["beam2spark-log-"]
    assert list_heirs(f"BEAM2SPARK_RECORD_DIR={tmp_path}") == []


def list_heirs(variable):
    """The command lines of this machine's processes that have a variable in their environment."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            variables = Path("/proc", process, "environ").read_bytes().split(b"\0")
            if variable.encode() in variables:
                found.append(Path("/proc", process, "cmdline").read_bytes())
    return found


def find_application(result):
    """Spark's id of the application that a command has run."""
    [log] = re.findall(r"Spark's log is (\S+)", read_log(result))
    with open(log, encoding="utf-8") as file:
        return re.search(r"\bapp-\d+-\d+\b", file.read()).group()


def list_processes(word):
    """The command lines of this machine's processes that have a word in them."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if word in line]


def test_metrics_are_printed_and_exact(beam, tmp_path):
    result = str(tmp_path / "result")
    problem = places.run_by_command("bundles", "pipeline", "auto", "local[2]", result)
    assert problem is None, problem
    folders = [os.path.join(path, "records") for path in (f"{beam}/bundles", result)]
    assert compare_records(*map(read_records, folders)) == []
    lines = [" ".join(line.split()) for line in read_log(result).splitlines()]
    for name, value in METRICS.items():
        assert any(line.endswith(f"{name} {value}") for line in lines), (name, lines)


@pytest.mark.parametrize("way", ["auto", "scala"])
def test_a_failing_function_is_named_and_fails_the_command(tmp_path, way):
    program = os.path.join(places.HERE, "programs", "failing.py")
    command = [
        *(*places.COMMAND_LINE, "run", "--python", sys.executable, "--master", "local[2]"),
        *(*places.WAYS[way], "--", "python", program),
    ]
    environment = places.make_environment(str(tmp_path / "records"))
    del environment["PYTHONPATH"]
    problem = places.run_process(command, str(tmp_path), environment)
    assert problem is not None and problem.startswith("status 1:"), problem
    log = read_log(str(tmp_path))
    # In Spark, and not where the program makes its pipeline.
    failure = log[log.index("error runtime/user-function-failed") :]
    assert "  at   Divide" in failure and "ZeroDivisionError" in failure, log
    assert "done" not in log.splitlines()[-1]
