"""The commands that benchmarks measure."""

import os
import shutil
import subprocess
import sys

import pyspark

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
FIXTURES = os.path.join(ROOT, "fixtures")
SPARK_SUBMIT = os.path.join(os.path.dirname(pyspark.__file__), "bin", "spark-submit")
COMMAND_LINE = ["node", os.path.join(ROOT, "bin", "beam2spark.mjs")]
FN_API_RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
CAPTURE_SECONDS = 120
SETTINGS = {"spark.ui.enabled": "false", "spark.driver.memory": "2g"}

ENVIRONMENT = {
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_DRIVER_PYTHON": sys.executable,
    "SPARK_LOCAL_IP": "127.0.0.1",
}


def list_settings(settings=SETTINGS):
    """Spark's settings as arguments."""
    return [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]


def submit_program(name, *arguments):
    """spark-submit of one of the hand-written programs, on two local cores."""
    program = os.path.join(BENCH, "programs", f"{name}.py")
    return [SPARK_SUBMIT, "--master", "local[2]", *list_settings(), program, *arguments]


def submit_jar(jar, main_class, *arguments):
    """spark-submit of a class of a jar, on two local cores."""
    options = ["--master", "local[2]", "--class", main_class, *list_settings()]
    return [SPARK_SUBMIT, *options, jar, *arguments]


def run_pipeline(pipeline, temp, settings=SETTINGS, master="local[2]", target="pyspark"):
    """`beam2spark run` of a captured pipeline, on two local cores unless a master is named."""
    return [
        *(*COMMAND_LINE, "run", pipeline, "--target", target, "--python", sys.executable),
        *("--temp-location", temp, "--master", master, *list_settings(settings)),
    ]


def run_on_beam(program, *arguments):
    """A Beam program on the FnApiRunner."""
    return [sys.executable, program, f"--runner={FN_API_RUNNER}", *arguments]


def capture_program(program, folder, *arguments):
    """Captures the pipeline that a Beam program makes of its arguments; gives the file's path."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    target = os.path.join(folder, "pipeline.pb")
    # Beam's client has been seen to hang when its interpreter ends; a benchmark says so instead.
    command = [*COMMAND_LINE, "capture", "-o", target, "--python", sys.executable, "--"]
    subprocess.run(
        [*command, "python", program, *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=CAPTURE_SECONDS,
    )
    return target
