"""Runs the examples of Beam's Go SDK and writes the verdicts as JSON.

python run_go_examples.py --endpoint HOST:PORT --results FILE [--target pyspark] [--seconds 180]
                          [-k WORDS]

Each runs on a runner of the SDK itself, which has the expected results, and in three ways: in
LOOPBACK through a Job service; as a project whose workers are processes of the staged binary; as
the same project whose workers a worker pool starts. The first run builds them, for minutes.
"""

import contextlib
import os
import re
import subprocess
import sys
import time

from go_examples import (
    build_example,
    clear_folder,
    describe_difference,
    find_unlisted,
    read_examples,
    read_results,
    write_text,
)
from go_verdicts import ServiceJobs
from suite_arguments import start_parser
from verdict_file import write_records

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(FOLDER))
MODULE_FOLDER = os.path.join(FOLDER, "go")
PLACE = os.path.join(ROOT, "build", "conformance", "go-examples")
COMMAND_LINE = ["node", os.path.join(ROOT, "bin", "beam2spark.mjs")]
SPARK = ["--master", "local[2]", "--conf", "spark.sql.shuffle.partitions=2"]
ADDRESS = re.compile(r"^listening on (\S+) for ", re.MULTILINE)
SPARK_LOG = re.compile(r"Spark's log is (\S+)")
WAYS = ("loopback", "process", "pool")


class StepFailed(Exception):
    """A command that did not end well; says how it ended, and its last output."""


def run_step(command, log, seconds):
    """Runs a command; gives what it has written, which is kept in a file. Raises StepFailed."""
    with open(log, "wb") as file:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
            status = done.returncode
        except subprocess.TimeoutExpired:
            status = None
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if status != 0:
        end = "took too long" if status is None else f"ended with {status}"
        raise StepFailed(f"{os.path.basename(command[1])} {end}: {text[-1500:]}")
    return text


@contextlib.contextmanager
def run_pool(log):
    """A worker pool; gives its address."""
    with open(log, "wb") as file:
        command = [*COMMAND_LINE, "worker-pool", "--port", "0"]
        pool = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while True:
            with open(log, encoding="utf-8") as file:
                said = file.read()
            found = ADDRESS.search(said)
            if found is not None:
                break
            if pool.poll() is not None or time.monotonic() > deadline:
                raise StepFailed(f"the worker pool does not listen: {said}")
            time.sleep(0.1)
        yield found[1]
    finally:
        pool.terminate()
        pool.wait(timeout=30)


class ExampleRuns:
    """The runs of one example, with their files in a folder of its own."""

    def __init__(self, example, program, arguments):
        self._jobs = ServiceJobs(arguments.endpoint)
        self._example = example
        self._program = program
        self._arguments = arguments
        self._folder = os.path.join(PLACE, "runs", os.path.basename(program))
        self._output = os.path.join(self._folder, "output")
        self._source = os.path.join(self._folder, "text.txt")
        self._project = os.path.join(self._folder, "project")
        clear_folder(self._folder)
        write_text(self._source)

    def run(self, way, pool):
        """Runs it in one way, or on a `reference`; gives its results. Raises StepFailed."""
        clear_folder(self._output)
        if way == "reference":
            text = self._run_program(way, f"--runner={self._example.reference}")
        elif way == "loopback":
            text = self._run_loopback()
        else:
            text = self._run_project(way, pool)
        return read_results(self._example, self._output, text)

    def _run_program(self, way, *options):
        return self._run_step(way, [self._program, *self._words(), *options])

    def _run_loopback(self):
        """Runs it through the service; gives the job's messages.

        The SDK sends all that is logged in a process with a worker there, its client's words, too.
        """
        endpoint = f"--endpoint={self._arguments.endpoint}"
        self._run_program("loopback", "--runner=universal", endpoint, "--environment_type=LOOPBACK")
        messages = [self._jobs.read_messages(job) for job, _ in self._jobs.take_new()]
        return "\n".join(text for texts in messages for text in texts)

    def _run_project(self, way, pool):
        if not os.path.exists(self._project):
            self._compile()
        workers = pool if way == "pool" else "process"
        python = ["--python", sys.executable] if self._arguments.target == "pyspark" else []
        words = [*SPARK, *python, "--workers", workers]
        launcher = os.path.join(self._project, "launcher.mjs")
        text = self._run_step(way, ["node", launcher, *words])
        # What functions log is in the log of the executors, which is Spark's on this machine.
        with open(SPARK_LOG.search(text)[1], encoding="utf-8", errors="replace") as file:
            return file.read()

    def _compile(self):
        pipeline = os.path.join(self._folder, "pipeline.pb")
        words = [*self._words(), f"--worker_binary={self._program}"]
        self._run_step(
            "capture", [*COMMAND_LINE, "capture", "-o", pipeline, "--", self._program, *words]
        )
        self._run_step(
            "compile",
            [
                *(*COMMAND_LINE, "compile", pipeline, "-o", self._project),
                *("--target", self._arguments.target),
            ],
        )

    def _words(self):
        return self._example.fill_arguments(self._source, self._output)

    def _run_step(self, name, command):
        log = os.path.join(self._folder, f"{name}.log")
        return run_step(command, log, self._arguments.seconds)


def judge_run(runs, way, pool, expected):
    """A record of the run in one way."""
    started = time.monotonic()
    record = {"verdict": "pass", "message": ""}
    try:
        difference = describe_difference(expected, runs.run(way, pool))
        if difference:
            record.update(verdict="fail", message=difference)
    except StepFailed as failure:
        record.update(verdict="fail", message=str(failure))
    record["seconds"] = round(time.monotonic() - started, 2)
    return record


def run_example(example, ways, pool, arguments):
    """The records of one example by their names, as soon as each is there."""
    program = build_example(MODULE_FOLDER, example.name, PLACE)
    runs = ExampleRuns(example, program, arguments)
    expected = runs.run("reference", pool)
    assert expected.files or expected.logged, f"{example.name} has no results to compare"
    for way, name in ways.items():
        yield name, judge_run(runs, way, pool, expected)


def main():
    """Runs what the arguments say."""
    parser = start_parser("Examples of Beam's Go SDK.")
    parser.add_argument("--target", default="pyspark", help="what projects are written in")
    arguments = parser.parse_args()
    unlisted = find_unlisted(MODULE_FOLDER)
    assert not unlisted, f"go-examples.json and the SDK differ: {', '.join(unlisted)}"
    os.makedirs(PLACE, exist_ok=True)
    records = {}
    with run_pool(os.path.join(PLACE, "pool.log")) as pool:
        for example in read_examples():
            names = {way: f"examples.{example.name}.{way}" for way in WAYS}
            wanted = {way: name for way, name in names.items() if arguments.words in name}
            if not wanted:
                continue
            for name, record in run_example(example, wanted, pool, arguments):
                records[name] = record
                print(f"go-examples::{name} {record['verdict'].upper()}", flush=True)
                write_records(records, arguments.results)


if __name__ == "__main__":
    main()
