"""How long a pipeline takes to become a jar: compiled to a Scala project, and that built."""

import os
import shutil
import statistics
import time
from dataclasses import dataclass

import pyspark
from bundle import bundle_program
from commands import BENCH, COMMAND_LINE, FIXTURES
from measure import measure
from peers_set_up import MissingPeer, run_tool
from table import format_table

GOAL_SECONDS = 30
# Maven gets the first of these whose jars are where it looks for them.
MAVEN_SPARK_VERSIONS = (pyspark.__version__, "4.2.0")
SPARK_HOME = os.path.dirname(pyspark.__file__)


@dataclass
class Build:
    """One project made: the seconds of the compiler, and of what built its jar."""

    compiled: float
    built: float

    @property
    def whole(self):
        """From the pipeline to the jar."""
        return self.compiled + self.built


def find_java_home():
    """Where Java is. Raises MissingPeer where it isn't installed."""
    java = shutil.which("java")
    if java is None:
        raise MissingPeer("Scala projects can't be built: java is not installed")
    return os.environ.get("JAVA_HOME") or os.path.dirname(os.path.dirname(os.path.realpath(java)))


def compile_project(folder):
    """Compiles word count to a Scala project; gives the project and the seconds."""
    project = os.path.join(folder, "project")
    shutil.rmtree(project, ignore_errors=True)
    pipeline = os.path.join(FIXTURES, "word-count", "pipeline.pb")
    command = [*COMMAND_LINE, "compile", pipeline, "--target", "scala", "-o", project]
    return project, measure(command).seconds


def build_with_launcher(builder, folder, cache):
    """One project, built as `run` does it with this folder of compiled runtimes."""
    project, compiled = compile_project(folder)
    work = os.path.join(folder, "work")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    log = os.path.join(folder, "build.log")
    words = [project, work, log, find_java_home(), SPARK_HOME, pyspark.__version__]
    built = measure(["node", builder, *words], {"XDG_CACHE_HOME": cache}).seconds
    return Build(compiled, built)


def build_with_maven(folder, version):
    """One project, built as its README says. Raises MissingPeer where Maven can't."""
    project, compiled = compile_project(folder)
    started = time.perf_counter()
    pom = os.path.join(project, "pom.xml")
    run_tool("Maven's jar", ["mvn", "-q", "-B", "-f", pom, "package", f"-Dspark.version={version}"])
    return Build(compiled, time.perf_counter() - started)


def describe_builds(name, builds):
    """A row of the table: medians."""
    parts = [[build.compiled for build in builds], [build.built for build in builds]]
    whole = statistics.median(build.whole for build in builds)
    return [name, *(f"{statistics.median(part):.1f}" for part in parts), f"{whole:.1f}"]


def measure_maven(folder, report):
    """A row for Maven, or why there is none."""
    for version in MAVEN_SPARK_VERSIONS:
        try:
            # The first fetches Maven's plugins and Spark.
            build_with_maven(folder, version)
            build = build_with_maven(folder, version)
        except MissingPeer as missing:
            report(str(missing))
            continue
        return describe_builds(f"mvn package, Spark {version}, once", [build])
    return ["mvn package, which failed here", "", "", ""]


def run_scala_build(folder, rounds, report):
    """Runs the benchmark; gives its text."""
    builder = bundle_program(os.path.join(BENCH, "scala", "build-project.ts"), folder)
    cache = os.path.join(folder, "cache")
    cold, warm = [], []
    for number in range(1, rounds + 1):
        shutil.rmtree(cache, ignore_errors=True)
        cold.append(build_with_launcher(builder, folder, cache))
        warm.append(build_with_launcher(builder, folder, cache))
        report(f"round {number}: cold {cold[-1].whole:.1f} s, warm {warm[-1].whole:.1f} s")
    rows = [
        describe_builds("the first project of a user", cold),
        describe_builds("every other", warm),
        measure_maven(folder, report),
    ]
    seconds = statistics.median(build.whole for build in cold)
    return "\n".join(
        [
            f"Word count to a jar for Spark {pyspark.__version__}, medians of {rounds} runs",
            "",
            format_table(["", "compile s", "build s", "whole s"], rows),
            "",
            f"goal: under {GOAL_SECONDS} s for the first: "
            f"{'reached' if seconds < GOAL_SECONDS else 'missed'}",
        ]
    )
