"""Metrics of all kinds count what succeeded, once, wherever a user looks for them."""

import glob
import json
import os
import sys

import places
import pytest

COUNTED = {
    "seen": 100,
    "sizes": [100, 4950, 0, 99],
    "latest": 7,
    "names": ["n0", "n1"],
    "paths": [["p", str(number), False] for number in range(3)],
}
PRINTED = {
    "kinds:seen": "counter 100",
    "kinds:sizes": "distribution count 100, sum 4950, min 0, max 99",
    "kinds:latest": "gauge 7",
    "kinds:names": "string set n0, n1",
    "kinds:paths": "bounded trie p, 0, false, p, 1, false, p, 2, false",
}
# Workers of Beam's SDK keep histograms to themselves.
PRINTED_IN_PROCESS = {"kinds:spread": "histogram count 100, p50 50, p90 90, p99 99"}


@pytest.fixture(scope="module", params=["auto", "scala"])
def way(request):
    """How the program is run."""
    return request.param


@pytest.fixture(scope="module")
def counted(way, tmp_path_factory):
    """The folder of a run whose functions fail once before and once after a shuffle."""
    folder = str(tmp_path_factory.mktemp("metrics"))
    events = os.path.join(folder, "events")
    os.mkdir(events)
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": f"file://{events}",
        "spark.ui.enabled": "false",
        "spark.speculation": "true",
        "spark.speculation.quantile": "0.5",
        "spark.speculation.multiplier": "1.1",
    }
    conf = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    program = os.path.join(places.HERE, "programs", "counting.py")
    command = [
        *(*places.COMMAND_LINE, "run", "--python", sys.executable, "--master", "local[2,3]"),
        *(*places.WAYS[way], *conf),
        *("--", "python", program, os.path.join(folder, "failed")),
    ]
    environment = places.make_environment(os.path.join(folder, "records"))
    problem = places.run_process(command, folder, environment)
    assert problem is None, problem
    return folder


def read_events(folder):
    """All lines of Spark's event log."""
    for path in glob.glob(os.path.join(folder, "events", "**"), recursive=True):
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                yield from (json.loads(line) for line in file if line.startswith("{"))


def test_the_tasks_did_fail(counted):
    failed = [
        event
        for event in read_events(counted)
        if event["Event"] == "SparkListenerTaskEnd" and event["Task Info"]["Failed"]
    ]
    assert len(failed) >= 2, failed


def test_the_client_is_told_each_once(counted):
    with open(os.path.join(counted, "log"), encoding="utf-8") as file:
        lines = [line for line in file if line.startswith('{"')]
    metrics = {name.split(" ", 1)[1]: values for name, values in json.loads(lines[0]).items()}
    for step in ("Before", "After"):
        for name, value in COUNTED.items():
            assert metrics[f"{step} {name}"] == [value, value], (step, name)


def test_the_command_prints_each_once(counted, way):
    printed = {**PRINTED, **(PRINTED_IN_PROCESS if way == "auto" else {})}
    with open(os.path.join(counted, "log"), encoding="utf-8") as file:
        lines = [" ".join(line.split()) for line in file]
    for step in ("Before", "After"):
        for name, value in printed.items():
            assert f"{step} {name} {value}" in lines, (step, name, lines)


def test_sparks_pages_show_each_once(counted):
    descriptions = [
        event["Properties"].get("spark.job.description", "")
        for event in read_events(counted)
        if event["Event"] == "SparkListenerJobStart"
    ]
    shown = [text for text in descriptions if "metrics: " in text]
    assert len(shown) == 1, descriptions
    text = " ".join(shown[0].split()).replace(", ", ",")
    for part in ("Before kinds.seen = 100", "After kinds.seen = 100", 'kinds.names = ["n0","n1"]'):
        assert part in text, shown
