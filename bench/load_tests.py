"""Beam's load tests on our Job service and on Beam's Spark job server, in neighbouring runs."""

import json
import os
import statistics
import sys
from dataclasses import dataclass, field

from commands import BENCH
from measure import measure
from peers_services import run_beam2spark, run_spark_job_server
from peers_set_up import SPARK_JOB_SERVER, find_spark_job_server
from table import format_table

PROGRAM = os.path.join(BENCH, "programs", "load_test.py")
CORES = 2
SERVICES = {"ours": run_beam2spark, "theirs": run_spark_job_server}
START_UP_RECORDS = 1000
# What is counted of a distribution of times is how many bundles there were.
BUNDLES = "runtime"


@dataclass
class LoadTest:
    """One of Beam's load tests: its module and class, its input, how far ahead we want to be.

    The shapes of input are those of Beam's own runs of them, with fewer records.
    """

    name: str
    module: str
    test: str
    goal: float
    records: int
    shape: dict[str, int | float]
    settings: dict[str, str] = field(default_factory=dict)
    is_joined: bool = False

    def list_arguments(self, records):
        """The test's own options, for so many records."""
        given = json.dumps({"num_records": records, **self.shape}, separators=(",", ":"))
        inputs = ["input_options", *(["co_input_options"] if self.is_joined else [])]
        return [
            *(f"--{name}={value}" for name, value in self.settings.items()),
            *(f"--{name}='{given}'" for name in inputs),
        ]


SMALL = {"key_size": 10, "value_size": 90}
LOAD_TESTS = (
    LoadTest(
        *("ParDo, 10 steps, 100 B", "pardo_test", "ParDoTest", 1.0, 300_000, SMALL),
        {"iterations": "10", "number_of_counters": "1", "number_of_counter_operations": "1"},
    ),
    LoadTest(
        *("GroupByKey, 100 B", "group_by_key_test", "GroupByKeyTest", 1.0, 300_000, SMALL),
        {"fanout": "1", "iterations": "1"},
    ),
    LoadTest(
        *("Combine, Top 20, 100 B", "combine_test", "CombineTest", 2.0, 300_000, SMALL),
        {"fanout": "1", "top_count": "20"},
    ),
    LoadTest(
        *("Combine, Top 20, 4 times", "combine_test", "CombineTest", 2.0, 300_000, SMALL),
        {"fanout": "4", "top_count": "20"},
    ),
    LoadTest(
        *("CoGroupByKey, 100 B", "co_group_by_key_test", "CoGroupByKeyTest", 2.0, 200_000, SMALL),
        {"iterations": "1"},
        is_joined=True,
    ),
    LoadTest(
        *("CoGroupByKey, 100 hot keys", "co_group_by_key_test", "CoGroupByKeyTest", 2.0, 150_000),
        {**SMALL, "num_hot_keys": 100, "hot_key_fraction": 1},
        {"iterations": "4"},
        is_joined=True,
    ),
    LoadTest(
        *("side input as iterable, 1 KB", "sideinput_test", "SideInputTest", 1.0, 200_000),
        {"key_size": 100, "value_size": 900},
        {"side_input_type": "iter"},
    ),
)


@dataclass
class Runs:
    """The runs of one test on one service: seconds of whole runs and of tiny ones before them."""

    seconds: list[float] = field(default_factory=list)
    start_ups: list[float] = field(default_factory=list)

    @property
    def works(self):
        """The whole runs without their start-up."""
        return [whole - start for whole, start in zip(self.seconds, self.start_ups, strict=True)]


def run_test(test, records, options, folder):
    """Runs a test; gives the seconds of its client, and what the test's functions have counted."""
    pipeline = ["--runner=PortableRunner", "--metrics_table=loads", *options]
    given = " ".join([*pipeline, *test.list_arguments(records)])
    command = [sys.executable, PROGRAM, test.module, test.test, f"--test-pipeline-options={given}"]
    done = measure(command, {}, folder)
    counted = json.loads(done.output.strip().splitlines()[-1])
    return done.seconds, [entry for entry in counted if entry[0] != BUNDLES]


def run_round(tests, service, folder, scale, runs, report):
    """Runs all tests on a service that is started for it; gives what they have counted."""
    counted = {}
    with SERVICES[service](CORES, os.path.join(folder, "services")) as options:
        # The first job waits for a session and for workers that have Beam imported.
        run_test(tests[0], START_UP_RECORDS, options, folder)
        for test in tests:
            start_up, _ = run_test(test, START_UP_RECORDS, options, folder)
            seconds, counts = run_test(test, int(test.records * scale), options, folder)
            runs[test.name, service].start_ups.append(start_up)
            runs[test.name, service].seconds.append(seconds)
            counted[test.name] = counts
            report(f"{test.name}, {service}: {seconds:.1f} s, start-up {start_up:.1f} s")
    return counted


def check_counts(name, counts):
    """Holds what both services have counted against each other."""
    ours, theirs = counts["ours"], counts["theirs"]
    if ours != theirs:
        raise AssertionError(f"{name} counted otherwise: {ours} here, {theirs} there")


def describe_test(test, runs):
    """A row of the table: medians, the ratios of the rounds, the verdict."""
    ours, theirs = runs[test.name, "ours"], runs[test.name, "theirs"]
    ratios = [b / a for a, b in zip(ours.seconds, theirs.seconds, strict=True)]
    ratio = statistics.median(ratios)
    work = statistics.median(theirs.works) / max(statistics.median(ours.works), 1e-9)
    return [
        test.name,
        *(f"{statistics.median(one.seconds):.1f}" for one in (ours, theirs)),
        *(f"{statistics.median(one.start_ups):.1f}" for one in (ours, theirs)),
        f"{ratio:.2f}",
        f"{min(ratios):.2f}–{max(ratios):.2f}",
        f"{work:.2f}",
        f"{test.goal:.0f}",
        "reached" if ratio >= test.goal else "missed",
    ]


def run_load_tests(folder, rounds, scale, names, report):
    """Runs the benchmark; gives its text. Fails where a peer can't be set up or counts differ.

    `scale` multiplies the records; `names` are words of the tests to run, all if there is none.
    """
    place = os.path.join(folder, "loads")
    os.makedirs(place, exist_ok=True)
    find_spark_job_server()
    tests = [test for test in LOAD_TESTS if not names or any(name in test.module for name in names)]
    runs = {(test.name, service): Runs() for test in tests for service in SERVICES}
    for number in range(1, rounds + 1):
        report(f"round {number}")
        counted = {
            # One service at a time: an idle one holds memory that another's JVM would want.
            service: run_round(tests, service, place, scale, runs, report)
            for service in SERVICES
        }
        for test in tests:
            check_counts(test.name, {service: counted[service][test.name] for service in SERVICES})
    return format_loads(tests, runs, rounds, scale)


def format_loads(tests, runs, rounds, scale):
    """The table."""
    header = [
        *("", "ours s", "theirs s", "start-up s", "theirs", "ratio", "of rounds"),
        *("work ratio", "goal", ""),
    ]
    return "\n".join(
        [
            f"Beam's load tests on beam2spark serve and on Beam's Spark job server "
            f"{SPARK_JOB_SERVER}",
            f"{CORES} cores, medians of {rounds} rounds, {scale:g} times the records",
            "whole runs, from the client's start to its end; start-up: the same over "
            f"{START_UP_RECORDS} records",
            "",
            format_table(header, [describe_test(test, runs) for test in tests]),
        ]
    )
