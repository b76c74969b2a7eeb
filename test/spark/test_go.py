"""A pipeline in Go as a project: its staged binary as a process, and in a worker pool."""

import os
import re
import subprocess
import sys

import places
import pytest
from go_worker import build_worker
from written_files import read_files

NEVER_TOLD = "SerializeHooksToOptions was never called"


@pytest.fixture(scope="module")
def go(tmp_path_factory):
    """A folder with the expected files, and a project that writes into `results`."""
    folder = str(tmp_path_factory.mktemp("go"))
    program = build_worker()
    expected = os.path.join(folder, "expected")
    reference = [program, "--runner=direct", f"--output={expected}/"]
    problem = places.run_process(reference, folder, dict(os.environ))
    assert problem is None, problem
    pipeline, project = os.path.join(folder, "pipeline.pb"), os.path.join(folder, "project")
    words = [f"--worker_binary={program}", f"--output={os.path.join(folder, 'results')}/"]
    for command in (
        ["capture", "-o", pipeline, "--", program, *words],
        ["compile", pipeline, "-o", project],
    ):
        problem = places.run_process([*places.COMMAND_LINE, *command], folder, dict(os.environ))
        assert problem is None, problem
    return folder


def read_lines(folder):
    """The lines of each file, whose order says nothing."""
    return {name: sorted(text.splitlines()) for name, text in read_files(folder).items()}


@pytest.fixture
def pool():
    """The address of a worker pool."""
    command = [*places.COMMAND_LINE, "worker-pool", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.match(r"listening on (\S+) ", process.stdout.readline())[1]
        finally:
            process.terminate()


@pytest.mark.parametrize("way", ["process", "pool"])
def test_a_staged_binary_runs(go, request, way):
    results = os.path.join(go, "results")
    workers = request.getfixturevalue("pool") if way == "pool" else way
    command = [
        *("node", os.path.join(go, "project", "launcher.mjs"), "--master", "local[2]"),
        *("--python", sys.executable, "--workers", workers, *places.list_conf(go)),
    ]
    environment = places.make_environment(go)
    del environment["PYTHONPATH"]
    problem = places.run_process(command, go, environment)
    assert problem is None, problem
    expected = read_lines(os.path.join(go, "expected"))
    assert len(expected) == 6
    assert read_lines(results) == expected
    # Its options reach it: without them it logs to nobody.
    with open(os.path.join(go, "log"), encoding="utf-8") as file:
        log = re.search(r"Spark's log is (\S+)", file.read())[1]
    with open(log, encoding="utf-8", errors="replace") as file:
        said = file.read()
    assert f"Writing to {results}" in said and NEVER_TOLD not in said
    for name in os.listdir(results):
        os.remove(os.path.join(results, name))
