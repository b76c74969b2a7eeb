"""Runs the benchmarks and prints what they found.

python bench/run.py [words] [memory] [compile] [jobs] [side-inputs]
                    [fn-api] [scala] [scala-link] [peers] [loads]
                    [--megabytes 300] [--mebibytes 3072] [--side-mebibytes 1024]
                    [--jobs 200] [--rounds 3]
                    [--scale 1] [--tests combine co_group …] [--workers python go java]

Needs the built project and its virtual environment; texts and results are kept in build/bench.
Those of the second line are run when named only: they bring workers and other runners, by way of
Go and Maven. The peers end with Beam's load tests, which `loads` runs alone.
"""

import argparse
import os
import sys
import time

from commands import ROOT
from compile_time import run_compile_time
from fn_api import LANGUAGES, run_fn_api
from group_memory import run_group_memory
from load_tests import run_load_tests
from many_jobs import run_many_jobs
from peers import run_peers
from peers_set_up import MissingPeer
from scala_link import run_scala_link
from scala_target import run_scala_target
from side_inputs import run_side_inputs
from word_count import run_word_count

from machine import describe_machine

FOLDER = os.path.join(ROOT, "build", "bench")
BENCHMARKS = ("compile", "words", "memory", "side-inputs", "jobs")
ON_REQUEST = ("fn-api", "scala", "scala-link", "peers", "loads")


def report_progress(line):
    """One line of progress, apart from the results."""
    print(f"  {time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def run_benchmark(name, arguments):
    """One benchmark's text."""
    if name == "words":
        return run_word_count(FOLDER, arguments.megabytes, arguments.rounds, report_progress)
    if name == "memory":
        return run_group_memory(FOLDER, arguments.mebibytes)
    if name == "jobs":
        return run_many_jobs(FOLDER, arguments.jobs, report_progress)
    if name == "side-inputs":
        return run_side_inputs(FOLDER, arguments.side_mebibytes, report_progress)
    if name == "peers":
        words = run_peers(FOLDER, arguments.megabytes, arguments.rounds, report_progress)
        return f"{words}\n\n{run_benchmark('loads', arguments)}"
    if name == "fn-api":
        return run_fn_api(FOLDER, arguments.rounds, arguments.workers, report_progress)
    if name == "scala":
        return run_scala_target(FOLDER, arguments.megabytes, arguments.rounds, report_progress)
    if name == "scala-link":
        return run_scala_link(FOLDER, arguments.megabytes, arguments.rounds, report_progress)
    if name == "loads":
        return run_load_tests(
            FOLDER, arguments.rounds, arguments.scale, arguments.tests, report_progress
        )
    return run_compile_time(FOLDER, arguments.rounds)


def main():
    """Reads the arguments and runs what they ask for."""
    parser = argparse.ArgumentParser(description="The benchmarks of beam2spark.")
    parser.add_argument("names", nargs="*", help="those without Go and Maven if none is given")
    parser.add_argument("--megabytes", type=int, default=300, help="of text to count words in")
    parser.add_argument("--mebibytes", type=int, default=3072, help="of values under one key")
    parser.add_argument("--side-mebibytes", type=int, default=1024, help="of values to look up")
    parser.add_argument("--jobs", type=int, default=200, help="small ones, one after another")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run")
    parser.add_argument("--scale", type=float, default=1, help="of the load tests' records")
    parser.add_argument(
        "--tests", nargs="+", default=[], help="load tests, by words of their names"
    )
    parser.add_argument(
        "--workers", nargs="+", default=[], choices=sorted(LANGUAGES), help="of fn-api"
    )
    arguments = parser.parse_args()
    known = (*BENCHMARKS, *ON_REQUEST)
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}")
    os.makedirs(FOLDER, exist_ok=True)
    print(describe_machine(), flush=True)
    for name in arguments.names or BENCHMARKS:
        report_progress(name)
        try:
            print(f"\n{run_benchmark(name, arguments)}", flush=True)
        except MissingPeer as missing:
            sys.exit(f"error: {missing}")


if __name__ == "__main__":
    main()
