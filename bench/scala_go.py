"""A word count with functions in Go, submitted to our Job service and to Beam's for Spark."""

import contextlib
import os

from commands import BENCH
from peers import describe_contender
from peers_services import run_beam2spark, start_spark_job_server
from peers_set_up import SPARK_JOB_SERVER, find_spark_job_server, run_tool
from table import format_table
from text import find_text
from word_count import Contender, run_once, run_rounds

CORES = 2
GOAL, GOAL_MEGABYTES = 3, 100
WARM_UP_MEGABYTES = 5
OURS, BEAMS = "beam2spark serve --target scala", f"Beam's Spark job server {SPARK_JOB_SERVER}"
PYSPARK = "beam2spark serve --target pyspark"


def build_program(folder):
    """The word count in Go, built if it is not there yet; it is its own worker."""
    program = os.path.join(folder, "go-word-count")
    if not os.path.exists(program):
        place = os.path.join(BENCH, "word-count", "go")
        run_tool("the Go program", ["go", "build", "-C", place, "-o", program, "."])
    return program


def list_services(folder):
    """What starts each service, by name."""
    return {
        OURS: lambda: run_beam2spark(CORES, os.path.join(folder, "scala"), "scala"),
        PYSPARK: lambda: run_beam2spark(CORES, os.path.join(folder, "pyspark"), "pyspark"),
        BEAMS: lambda: start_spark_job_server(CORES, os.path.join(folder, "beam")),
    }


def make_client(program, options):
    """How the word count is submitted to a service that takes these options.

    Functions run in the client itself. Beam's Spark job server tells workers that it starts as
    processes no more than where to ask for the rest, which takes a boot program; and one process
    of Go uses all cores either way.
    """
    endpoints = [option.replace("--job_endpoint", "--endpoint") for option in options[:1]]

    def make_command(source, target):
        files = ["--input", source, "--output", target]
        return [program, *files, "--runner=universal", "--environment_type=LOOPBACK", *endpoints]

    return make_command


def run_scala_go(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text. Fails where a peer can't be set up or results differ."""
    source = find_text(os.path.dirname(folder), megabytes)
    first = find_text(os.path.dirname(folder), WARM_UP_MEGABYTES)
    report("setting up Go and Beam's Spark job server")
    program = build_program(folder)
    find_spark_job_server()
    with contextlib.ExitStack() as services:
        contenders = []
        for name, start in list_services(os.path.join(folder, "services")).items():
            options = services.enter_context(start())
            contenders.append(Contender(name, make_client(program, options)))
        for contender in contenders:
            seconds, _ = run_once(contender, first, folder)
            report(f"warming up: {contender.name} {seconds:.1f} s")
        run_rounds(contenders, source, folder, rounds, report)
    return format_services(contenders, megabytes, rounds)


def format_services(contenders, megabytes, rounds):
    """The table, and the goal."""
    by_name = {contender.name: contender for contender in contenders}
    ours, pyspark, beams = by_name[OURS], by_name[PYSPARK], by_name[BEAMS]
    ratio = beams.median / ours.median
    pairs = [theirs / own for own, theirs in zip(ours.seconds, beams.seconds, strict=True)]
    verdict = "reached" if ratio >= GOAL else "missed"
    if megabytes < GOAL_MEGABYTES:
        verdict = f"not judged: that takes {GOAL_MEGABYTES} MB"
    header = ["", "whole s", "start-up s", "MB/s", "whole ratio", "work ratio"]
    return "\n".join(
        [
            f"Word count with functions in Go, {megabytes} MB of skewed text, {CORES} cores, "
            f"medians of {rounds} runs",
            "whole: from the client's start to its end; start-up: the same over one line; LOOPBACK",
            "all services run already, each warmed up with a job over "
            f"{WARM_UP_MEGABYTES} MB; they take turns",
            "",
            format_table(header, [describe_contender(one, ours, megabytes) for one in contenders]),
            "",
            f"Beam's Spark job server / beam2spark, paired: "
            f"{', '.join(f'{pair:.2f}' for pair in pairs)}; "
            f"with --target pyspark {beams.median / pyspark.median:.2f}",
            f"goal: at least {GOAL} times faster than Beam's Spark job server: "
            f"{ratio:.2f}, {verdict}",
        ]
    )
