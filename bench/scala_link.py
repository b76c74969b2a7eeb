"""What is left of a bare socket between Java and Node with Arrow and frames, and with Spark."""

import glob
import json
import os
import shutil
import statistics
import subprocess
import tempfile

from bundle import bundle_program
from commands import BENCH, ENVIRONMENT, ROOT
from peers_set_up import run_tool
from scala_programs import COMPILER, JARS
from table import format_table

RUNTIME = os.path.join(ROOT, "templates", "scala", "src", "main", "scala")
SIZES = (10, 1024)
PLACES = ("raw", "link", "spark")
# What Spark opens for itself where its own scripts start it.
OPENED = (
    "java.nio",
    "java.lang",
    "java.lang.invoke",
    "java.util",
    "sun.nio.ch",
    "sun.util.calendar",
)


def compile_client(folder):
    """The runtime and the client of the link, compiled; gives their class path."""
    classes = os.path.join(folder, "classes")
    shutil.rmtree(classes, ignore_errors=True)
    os.makedirs(classes)
    sources = glob.glob(os.path.join(RUNTIME, "**", "*.scala"), recursive=True)
    client = os.path.join(BENCH, "scala-link", "FeedLink.scala")
    compiler = ["java", "-Xss4m", "-cp", JARS, COMPILER, "-classpath", JARS]
    run_tool("the client", [*compiler, "-d", classes, *sorted(sources), client])
    return f"{classes}:{JARS}"


def measure(class_path, host, megabytes, rounds):
    """The runs: of each size, bytes a second by their way."""
    with tempfile.TemporaryDirectory() as folder:
        sockets = [os.path.join(folder, name) for name in ("raw", "link")]
        with subprocess.Popen(["node", host, *sockets], stdout=subprocess.PIPE) as server:
            try:
                server.stdout.readline()
                opened = [f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED]
                java = ["java", "-Xmx2g", *opened, "-cp", class_path, "beam2spark.runtime.FeedLink"]
                words = [*sockets, str(rounds), str(megabytes), *map(str, SIZES)]
                done = subprocess.run(
                    [*java, *words],
                    env={**os.environ, **ENVIRONMENT},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    check=True,
                )
            finally:
                server.kill()
    return [json.loads(line) for line in done.stdout.splitlines()]


def describe_size(size, runs):
    """A row of the table: medians of one size."""
    rates = {place: statistics.median(run[place] for run in runs) for place in PLACES}
    return [
        f"{size} B",
        *(f"{rates[place] / 1e6:,.0f}" for place in PLACES),
        *(f"{rates[place] / size / 1e6:,.1f}" for place in ("link", "spark")),
        *(f"{rates[place] / rates['raw']:.2f}" for place in ("link", "spark")),
    ]


def run_scala_link(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text."""
    place = os.path.join(folder, "scala-link")
    os.makedirs(place, exist_ok=True)
    report("scala-link: compiling")
    class_path = compile_client(place)
    host = bundle_program(os.path.join(BENCH, "scala-link", "echo-host.ts"), place)
    report("scala-link: measuring")
    runs = measure(class_path, host, megabytes, rounds)
    rows = [describe_size(size, [run for run in runs if run["bytes"] == size]) for size in SIZES]
    header = [
        *("rows there and back", "socket MB/s", "link MB/s", "Spark MB/s"),
        *("link M/s", "Spark M/s", "link/socket", "Spark/socket"),
    ]
    return (
        f"{format_table(header, rows)}\n\n"
        f"MB/s: bytes of values; M/s: millions of rows a second. One task and a host that sends "
        f"everything back, both ways at once, {megabytes} MB; medians of {rounds} rounds."
    )
