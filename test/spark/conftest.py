"""Runs each place once for all the tests that were selected, and gives them what it left."""

import json
import os
import sys
from functools import cached_property

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import places  # noqa: E402
from cases import CASES  # noqa: E402
from spark_cluster import run_cluster  # noqa: E402


class Runs:
    """The selected runs, done when first asked for. `wanted` holds (case, pipeline, place)."""

    def __init__(self, wanted, folder):
        self.wanted = wanted
        self.folder = folder
        self._sessions = {}

    def path(self, *parts):
        """A place below the folder of this test session."""
        return os.path.join(self.folder, *parts)

    @property
    def references(self):
        """Where Beam's own runs are: a place that test sessions share, if they are given one."""
        return os.environ.get("BEAM2SPARK_REFERENCES") or self.path("beam")

    @cached_property
    def _beam_problem(self):
        names = sorted({case.name for case, _, _ in self.wanted})
        return places.run_on_beam(names, self.references)

    def beam(self, case):
        """The folder that Beam's own run of a case left."""
        assert self._beam_problem is None, self._beam_problem
        return os.path.join(self.references, case.name)

    @cached_property
    def _compiled(self):
        wanted = sorted(
            {(case.name, pipeline, way_of(place)) for case, pipeline, place in self.wanted}
        )
        return places.compile_projects(wanted, self.path("compiled"))

    def spark(self, case, pipeline, place, master):
        """The folder that Spark's run left. Fails if it was not compiled or did not succeed."""
        way = way_of(place)
        problem = self._compiled[case.name, pipeline, way]
        assert problem is None, problem
        result = self.path(place, "results", case.title, pipeline)
        if case.own_session:
            problem = places.run_by_command(case.name, pipeline, way, master, result)
            assert problem is None, problem
            return result
        session_problem = self._run_session(place, master)
        status_file = os.path.join(result, "status")
        assert os.path.exists(status_file), session_problem
        with open(status_file, encoding="utf-8") as file:
            status = json.load(file)["status"]
        assert status == 0, f"{status}\n{read_failure(result)}"
        return result

    def _run_session(self, place, master):
        if place not in self._sessions:
            runs = [
                {
                    "fixture": case.name,
                    "project": self.path("compiled", case.name, pipeline, way_of(place), "project"),
                    "result": self.path(place, "results", case.title, pipeline),
                    "arguments": case.arguments,
                }
                for case, pipeline, where in sorted(
                    self.wanted, key=lambda run: (run[0].title, run[1])
                )
                if where == place
                and not case.own_session
                and self._compiled[case.name, pipeline, way_of(place)] is None
            ]
            session = self.path(place, "session")
            run = places.run_on_scala if place == "scala" else places.run_in_one_session
            self._sessions[place] = run(runs, master, session)
        return self._sessions[place]


def way_of(place):
    """How pipelines of a place are compiled: on some, functions run in workers of their SDK."""
    return {"workers": "fn-api", "scala": "scala"}.get(place, "in-process")


def read_failure(result):
    """What the runtime's events say of a failure."""
    path = os.path.join(result, "events.jsonl")
    if not os.path.exists(path):
        return "no events"
    with open(path, encoding="utf-8") as file:
        events = [json.loads(line) for line in file]
    failures = [event for event in events if event["event"] == "failed"]
    return "\n".join(str(text) for event in failures for text in event.values())


@pytest.fixture(scope="session")
def runs(request, tmp_path_factory):
    """All runs that the selected tests need."""
    wanted = {
        (
            item.callspec.params["case"],
            item.callspec.params["pipeline"],
            item.callspec.params["place"],
        )
        for item in request.session.items
        if hasattr(item, "callspec") and "place" in item.callspec.params
    }
    return Runs(wanted, str(tmp_path_factory.mktemp("runs")))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """The URL of a standalone master with two workers."""
    with run_cluster(str(tmp_path_factory.mktemp("cluster"))) as master:
        yield master


@pytest.fixture
def master(request, place):
    """The master of the test's place; the cluster starts with the first test that needs it."""
    return request.getfixturevalue("cluster") if place == "cluster" else "local[2]"


def pipelines_of(case, place):
    """The captured pipelines of a case that run in a place."""
    if place == "local":
        return case.pipelines
    return case.scala_pipelines if place == "scala" else case.pipelines[:1]


PLACES = ("local", "workers", "scala", "cluster")


def pytest_addoption(parser):
    """`--places`: where fixtures run, of all places."""
    parser.addoption("--places", nargs="+", choices=PLACES, default=PLACES)


def pytest_generate_tests(metafunc):
    """Tests of case, pipeline and place run for every captured pipeline on this machine, for those
    whose programs differ in Scala, and for each program once elsewhere.
    """
    if {"case", "pipeline", "place"} <= set(metafunc.fixturenames):
        values = [
            pytest.param(case, pipeline, place, id=f"{place}-{case.title}-{pipeline}")
            for place in metafunc.config.getoption("places")
            for case in CASES
            for pipeline in pipelines_of(case, place)
        ]
        metafunc.parametrize(("case", "pipeline", "place"), values)
