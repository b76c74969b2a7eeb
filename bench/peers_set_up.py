"""Brings the other runners of Beam pipelines that ours is compared with, in pinned versions."""

import os
import shutil
import subprocess

from commands import BENCH, ROOT

FOLDER = os.path.join(ROOT, "build", "peers")
POM = os.path.join(BENCH, "peers-pom.xml")
PRISM = "github.com/apache/beam/sdks/v2/go/cmd/prism"
PRISM_VERSION = "v2.77.0"
BEAM_VERSION, SPARK_VERSION = "2.62.0", "3.5.0"
SPARK_JOB_SERVER = f"{BEAM_VERSION} on Spark {SPARK_VERSION}"
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
OUTPUT_LENGTH = 3000


class MissingPeer(Exception):
    """A runner that can't be set up: which one, and why."""


def run_tool(peer, command, environment=None):
    """Runs a package client. Raises MissingPeer if it is not there or fails."""
    if shutil.which(command[0]) is None:
        raise MissingPeer(f"{peer} can't be set up: {command[0]} is not installed")
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = done.stdout[-OUTPUT_LENGTH:]
        raise MissingPeer(f"{peer} can't be set up: {' '.join(command)} ended with:\n{said}")


def find_prism():
    """The program of Prism, built if it is not there yet."""
    place = os.path.join(FOLDER, f"prism-{PRISM_VERSION}")
    program = os.path.join(place, "prism")
    if not os.path.exists(program):
        run_tool("Prism", ["go", "install", f"{PRISM}@{PRISM_VERSION}"], {"GOBIN": place})
    return program


def find_spark_job_server():
    """The folder with the jars of Beam's Spark job server, fetched if they are not there yet."""
    place = os.path.join(FOLDER, f"spark-job-server-{BEAM_VERSION}-{SPARK_VERSION}")
    if not os.path.isdir(place):
        partial = f"{place}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        versions = [f"-Dbeam.version={BEAM_VERSION}", f"-Dspark.version={SPARK_VERSION}"]
        command = ["mvn", "-q", "-B", "-f", POM, COPY_JARS, *versions]
        run_tool("Beam's Spark job server", [*command, f"-DoutputDirectory={partial}"])
        os.rename(partial, place)
    return place
