"""One Beam word count, submitted to every Job service that runs it; Spark by hand beside it."""

import os
import statistics
import sys

from commands import FIXTURES, submit_program
from peers_services import run_beam2spark, run_prism, run_spark_job_server
from peers_set_up import PRISM_VERSION, SPARK_JOB_SERVER, find_prism, find_spark_job_server
from table import format_table
from text import find_text
from word_count import Contender, run_once, write_line

CORES = 2
GOAL = 2.5
GOAL_MEGABYTES = 300
OURS, BEAMS = "beam2spark serve", f"Beam's Spark job server {SPARK_JOB_SERVER}"
PRISM = f"Prism {PRISM_VERSION}"
BY_HAND = "mapInArrow by hand (spark-submit)"
SERVICES = {OURS: run_beam2spark, BEAMS: run_spark_job_server, PRISM: run_prism}


def make_client(options):
    """How the word count is submitted to a service that takes these options."""
    program = os.path.join(FIXTURES, "word-count", "pipeline.py")

    def make_command(source, target):
        files = ["--input", source, "--output", target]
        return [sys.executable, program, *files, "--runner=PortableRunner", *options]

    return make_command


def describe_contender(contender, ours, megabytes):
    """A row of the table."""
    return [
        contender.name,
        f"{contender.median:.1f}",
        f"{statistics.median(contender.start_ups):.1f}",
        f"{megabytes / contender.median:.1f}",
        f"{contender.median / ours.median:.2f}",
        f"{contender.work / ours.work:.2f}" if ours.work > 0 else "",
    ]


def run_contender(contender, source, folder, rounds, report):
    """Runs it so many times over a line and over the text; gives a digest of its last result."""
    digest = None
    for number in range(1, rounds + 1):
        start_up, _ = run_once(contender, write_line(folder), folder)
        seconds, digest = run_once(contender, source, folder)
        contender.start_ups.append(start_up)
        contender.seconds.append(seconds)
        report(f"round {number}: {contender.name} {seconds:.1f} s, start-up {start_up:.1f} s")
    return digest


def run_peers(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text. Fails where a peer can't be set up or results differ."""
    place = os.path.join(folder, "peers")
    os.makedirs(place, exist_ok=True)
    source = find_text(folder, megabytes)
    report("setting up the peers")
    find_prism()
    find_spark_job_server()
    by_hand = Contender(BY_HAND, lambda *files: submit_program("spark_map_in_arrow", *files))
    contenders = [by_hand]
    expected = run_contender(by_hand, source, place, rounds, report)
    for name, run in SERVICES.items():
        # One service at a time: an idle one holds memory that another's JVM would want.
        with run(CORES, os.path.join(place, "services")) as options:
            contender = Contender(name, make_client(options))
            counted = run_contender(contender, source, place, rounds, report)
        if counted != expected:
            raise AssertionError(f"{name} counted otherwise: {counted}, not {expected}")
        contenders.append(contender)
    return format_peers(contenders, megabytes, rounds)


def format_peers(contenders, megabytes, rounds):
    """The table, and the goal."""
    by_name = {contender.name: contender for contender in contenders}
    ours, beams = by_name[OURS], by_name[BEAMS]
    ratio = beams.median / ours.median
    verdict = "reached" if ratio >= GOAL else "missed"
    if megabytes < GOAL_MEGABYTES:
        verdict = f"not judged: that takes {GOAL_MEGABYTES} MB"
    header = ["", "whole s", "start-up s", "MB/s", "whole ratio", "work ratio"]
    return "\n".join(
        [
            f"Word count, {megabytes} MB of skewed text, {CORES} cores, medians of {rounds} runs",
            "whole: from the client's start to its end; start-up: the same over one line",
            "services run already; Beam's Spark and Prism have a pool of worker processes",
            "",
            format_table(header, [describe_contender(one, ours, megabytes) for one in contenders]),
            "",
            f"goal: at least {GOAL} times faster than Beam's Spark job server: "
            f"{ratio:.2f}, {verdict}",
        ]
    )
