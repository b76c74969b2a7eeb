"""`beam2spark run` as a user types it: real spark-submit, results, metrics, exit status."""

import os
import sys

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
    problem = places.run_on_beam(["word-count", "bundles"], folder)
    assert problem is None, problem
    return folder


def read_log(folder):
    """What the command printed."""
    with open(os.path.join(folder, "log"), encoding="utf-8") as file:
        return file.read()


def test_word_count_on_a_cluster(beam, cluster, tmp_path):
    result = str(tmp_path / "result")
    problem = places.run_by_command("word-count", "pipeline", "auto", cluster, result)
    assert problem is None, problem
    files = [read_files(os.path.join(path, "files")) for path in (f"{beam}/word-count", result)]
    assert compare_files(BY_NAME["word-count"].outputs, *files) == []


def test_metrics_are_printed_and_exact(beam, tmp_path):
    result = str(tmp_path / "result")
    problem = places.run_by_command("bundles", "pipeline", "auto", "local[2]", result)
    assert problem is None, problem
    folders = [os.path.join(path, "records") for path in (f"{beam}/bundles", result)]
    assert compare_records(*map(read_records, folders)) == []
    lines = [" ".join(line.split()) for line in read_log(result).splitlines()]
    for name, value in METRICS.items():
        assert any(line.endswith(f"{name} {value}") for line in lines), (name, lines)


def test_a_failing_function_is_named_and_fails_the_command(tmp_path):
    program = os.path.join(places.HERE, "programs", "failing.py")
    command = [
        *(*places.COMMAND_LINE, "run", "--python", sys.executable, "--master", "local[2]"),
        *("--", "python", program),
    ]
    environment = places.make_environment(str(tmp_path / "records"))
    del environment["PYTHONPATH"]
    problem = places.run_process(command, str(tmp_path), environment)
    assert problem is not None and problem.startswith("status 1:"), problem
    log = read_log(str(tmp_path))
    assert "ZeroDivisionError" in log and "Divide" in log, log
    assert "done" not in log.splitlines()[-1]
