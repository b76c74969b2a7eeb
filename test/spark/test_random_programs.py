"""Programs made at random give on Spark, through the Job service, what Beam's FnApiRunner gives."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from cases import ROOT
from random_runs import compare_program

# Programs that have something to say; random_runs.py tries any others.
SEEDS = range(108, 118)
STEPS = 8
START_SECONDS = 120


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """A Job service of this module's own, on two threads of this machine."""
    log = tmp_path_factory.mktemp("service") / "log"
    command = [
        *("node", os.path.join(ROOT, "bin", "beam2spark.mjs"), "serve"),
        *("--job-port", "0", "--artifact-port", "0"),
        *("--spark-master-url", "local[2]", "--python", sys.executable),
    ]
    with open(log, "wb") as file:
        service = subprocess.Popen(
            command,
            env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield wait_for_endpoint(service, log)
    finally:
        service.send_signal(signal.SIGINT)
        service.wait(60)


def wait_for_endpoint(service, log):
    """The endpoint that the service says in its log."""
    for _ in range(START_SECONDS * 10):
        found = re.search(r"--job_endpoint=(\S+?:\d+)", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        assert service.poll() is None, log.read_text(encoding="utf-8")
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", SEEDS)
def test_spark_gives_what_beam_gives(endpoint, seed, tmp_path):
    count, problems = compare_program(seed, STEPS, endpoint, str(tmp_path))
    assert count > 0, "the reference saw nothing"
    assert not problems, "\n".join([f"{len(problems)} differences", *problems[:20]])
