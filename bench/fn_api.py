"""What a stage in workers of their SDK takes: fed bare bytes, through the host, and in Spark."""

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

from bundle import bundle_program
from commands import BENCH, COMMAND_LINE, ENVIRONMENT, ROOT, SETTINGS, SPARK_SUBMIT, list_settings
from measure import FailedRun
from peers_set_up import run_tool
from table import format_table

PROGRAMS = os.path.join(BENCH, "identity")
HARNESS = "org.apache.beam.fn.harness.FnHarness"
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
GOAL, COST_GOAL = 0.85, 0.4
# What a worker's command is told is what a container's boot program is told.
READ_WORDS = """#!/bin/sh
for word; do
  case "$word" in
    --id=*) id="${word#*=}" ;;
    --control_endpoint=*) endpoint="${word#*=}" ;;
    --semi_persist_dir=*) folder="${word#*=}" ;;
  esac
done
"""


@dataclass
class Language:
    """An SDK: its pipeline, its worker's command, and how many elements of a size take seconds."""

    name: str
    pipeline: str
    worker: str
    elements: dict[int, int]


@dataclass
class Figures:
    """The runs of one language and size, by where they were.

    Elements a second; the host's processor time for each in µs, and that of all processes.
    """

    rates: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, list[float]] = field(default_factory=dict)
    whole_costs: dict[str, list[float]] = field(default_factory=dict)

    def add(self, place, run):
        """Takes a run."""
        self.rates.setdefault(place, []).append(run["elements"] / run["seconds"])
        cost = run["cpuSeconds"] / run["elements"] * 1e6
        self.costs.setdefault(place, []).append(cost)
        if "workerSeconds" in run:
            others = (run["workerSeconds"] + run["clientSeconds"]) / run["elements"] * 1e6
            self.whole_costs.setdefault(place, []).append(cost + others)

    def ratios(self, base, other):
        """The ratios of runs of two places that were neighbours."""
        pairs = zip(self.rates[base], self.rates[other], strict=True)
        return [theirs / ours for ours, theirs in pairs]

    def limit(self):
        """The best ratio of rounds: host to bare, were no core ever idle with the host's work."""
        cores = len(os.sched_getaffinity(0))
        pairs = zip(self.rates["bare"], self.whole_costs["host"], strict=True)
        return statistics.median(min(1, cores / cost * 1e6 / rate) for rate, cost in pairs)


def write_worker(folder, name, *lines):
    """A program that starts a worker as its boot program would; gives its path."""
    path = os.path.join(folder, f"{name}-worker")
    with open(path, "w", encoding="utf-8") as file:
        file.write(READ_WORDS + "\n".join(lines) + "\n")
    os.chmod(path, 0o755)
    return path


def export_endpoints(name_of_id):
    """Lines for workers that read where the host is from their environment."""
    return [
        f'export {name_of_id}="$id" PIPELINE_OPTIONS="{{}}" SEMI_PERSISTENT_DIRECTORY="$folder"',
        'export CONTROL_API_SERVICE_DESCRIPTOR="url: \\"$endpoint\\""',
        'export LOGGING_API_SERVICE_DESCRIPTOR="$CONTROL_API_SERVICE_DESCRIPTOR"',
    ]


def capture(pipeline, *program):
    """Captures the pipeline of a program."""
    command = [*COMMAND_LINE, "capture", "-o", pipeline, "--python", sys.executable, "--"]
    run_tool("the pipeline", [*command, *program])


def prepare_python(folder):
    """Beam's Python worker, as it is installed here."""
    pipeline = os.path.join(folder, "python.pb")
    capture(pipeline, sys.executable, os.path.join(PROGRAMS, "python", "pipeline.py"))
    module = "apache_beam.runners.worker.sdk_worker_main"
    worker = write_worker(
        folder,
        "python",
        *export_endpoints("WORKER_ID"),
        f'exec "{sys.executable}" -m {module}',
    )
    return Language("Python", pipeline, worker, {10: 1_500_000, 1024: 400_000})


def prepare_go(folder):
    """A program of Beam's Go SDK, built if it is not there yet: it is its own worker."""
    program, pipeline = os.path.join(folder, "go-identity"), os.path.join(folder, "go.pb")
    if not os.path.exists(program):
        build = ["go", "build", "-C", os.path.join(PROGRAMS, "go"), "-o", program, "."]
        run_tool("the Go worker", build)
    capture(pipeline, program, "--environment_type=LOOPBACK")
    told = '--worker --id="$id" --logging_endpoint="$endpoint" --control_endpoint="$endpoint"'
    command = f'exec "{program}" {told} --semi_persist_dir="$folder"'
    worker = write_worker(folder, "go", command)
    return Language("Go", pipeline, worker, {10: 4_000_000, 1024: 600_000})


def prepare_java(folder):
    """Beam's Java harness, fetched if it is not there yet, and a program compiled with it."""
    jars, classes = os.path.join(folder, "java", "jars"), os.path.join(folder, "java", "classes")
    pipeline, source = os.path.join(folder, "java.pb"), os.path.join(PROGRAMS, "java")
    if not os.path.isdir(classes):
        pom = os.path.join(source, "pom.xml")
        fetch = ["mvn", "-q", "-B", "-f", pom, COPY_JARS, f"-DoutputDirectory={jars}"]
        run_tool("the Java worker", fetch)
        compile_it = ["javac", "-d", classes, "-cp", f"{jars}/*"]
        run_tool("the Java worker", [*compile_it, os.path.join(source, "Identity.java")])
    class_path = f"{classes}:{jars}/*"
    run_tool("the pipeline", ["java", "-cp", class_path, "Identity", pipeline])
    worker = write_worker(
        folder,
        "java",
        *export_endpoints("HARNESS_ID"),
        f'exec java -Xmx1g -cp "{class_path}" {HARNESS}',
    )
    return Language("Java", pipeline, worker, {10: 8_000_000, 1024: 1_000_000})


LANGUAGES = {"python": prepare_python, "go": prepare_go, "java": prepare_java}


def read_runs(command, environment):
    """Runs a program that prints its runs as lines of JSON. Raises FailedRun."""
    environment = {**os.environ, **ENVIRONMENT, **environment}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(command, env=environment, text=True, check=False, **pipes)
    if done.returncode != 0:
        raise FailedRun(
            f"{' '.join(command)}\nended with {done.returncode}:\n{done.stderr[-4000:]}"
        )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measure_language(language, folder, measurer, rounds):
    """All runs of one language; gives figures by size."""
    project = os.path.join(folder, f"{language.name.lower()}-project")
    runtime = os.path.join(ROOT, "templates", "pyspark")
    environment = {"PYTHONPATH": runtime}
    order = {
        "worker": language.worker,
        "pipeline": language.pipeline,
        "project": project,
        "client": [sys.executable, os.path.join(BENCH, "programs", "feed_link.py")],
        "sizes": [{"bytes": size, "elements": n} for size, n in language.elements.items()],
        "rounds": rounds,
        "cores": sorted(os.sched_getaffinity(0)),
    }
    runs = read_runs(["node", measurer, json.dumps(order)], environment)
    sizes = [f"{elements},{size}" for size, elements in language.elements.items()]
    program = os.path.join(BENCH, "programs", "spark_identity.py")
    settings = list_settings({**SETTINGS, "spark.executorEnv.PYTHONPATH": runtime})
    submit = [SPARK_SUBMIT, "--master", "local[1]", *settings, program, project, str(rounds)]
    runs += read_runs([*submit, *sizes], environment)
    figures = {size: Figures() for size in language.elements}
    for run in runs:
        size = run.pop("bytes")
        for place, one in run.items():
            figures[size].add(place, one)
    return figures


def describe_ratios(ratios):
    """Their median, least and greatest."""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def describe_figures(language, size, figures):
    """A row of the table: medians, and the ratios of paired runs."""
    rates = {place: statistics.median(values) for place, values in figures.rates.items()}
    costs = {place: statistics.median(values) for place, values in figures.costs.items()}
    free, own = figures.ratios("bare", "host"), figures.ratios("ownBare", "ownHost")
    return [
        f"{language.name}, {size} B",
        *(f"{rates[place] / 1000:,.0f}" for place in ("bare", "host", "spark")),
        *(f"{costs[place]:.2f}" for place in ("bare", "host", "spark")),
        describe_ratios(free),
        f"{figures.limit():.2f}",
        *(f"{rates[place] / 1000:,.0f}" for place in ("ownBare", "ownHost")),
        describe_ratios(own),
        f"{rates['spark'] / rates['bare']:.2f}",
    ]


def run_fn_api(folder, rounds, names, report):
    """Runs the benchmark; gives its text."""
    place = os.path.join(folder, "fn-api")
    os.makedirs(place, exist_ok=True)
    # It feeds workers with and without the host.
    measurer = bundle_program(os.path.join(BENCH, "fn-api", "measure-worker.ts"), place)
    rows = []
    for name in names or LANGUAGES:
        report(f"{name}: preparing")
        language = LANGUAGES[name](place)
        report(f"{name}: measuring")
        for size, figures in measure_language(language, place, measurer, rounds).items():
            rows.append(describe_figures(language, size, figures))
    header = [
        *("one identity stage, one worker", "bare k/s", "host k/s", "Spark k/s"),
        *("bare µs", "host µs", "Spark µs", "host/bare", "limit"),
        *("own core: bare k/s", "host k/s", "host/bare", "Spark/bare"),
    ]
    return (
        f"{format_table(header, rows)}\n\n"
        f"k/s: thousands of elements a second; µs: the host's processor time for each. Medians of "
        f"{rounds} rounds; host/bare of paired ones, {GOAL} wanted, at most {COST_GOAL} µs. limit: "
        "what host/bare would be if the work of host, worker and client never left a core idle. "
        "own core: the worker has a core for itself, as a task slot has one, bare and with the "
        "host; whoever feeds it has the others."
    )
