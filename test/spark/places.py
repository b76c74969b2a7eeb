"""Runs fixtures in each of the places: on Beam, on local Spark, on a standalone cluster."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pyspark
from cases import FIXTURES, ROOT
from run_folders import clear_run, collect_run, shared_outputs
from scala_driver import run_on_scala_driver

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = os.path.join(ROOT, "templates", "pyspark")
SPARK_SUBMIT = os.path.join(os.path.dirname(pyspark.__file__), "bin", "spark-submit")
COMMAND_LINE = ["node", os.path.join(ROOT, "bin", "beam2spark.mjs")]
TIMEOUT_SECONDS = 1800

# Options of `compile` and `run` for each way in which a pipeline runs.
WAYS = {
    "auto": (),
    "in-process": ("--lane", "in-process"),
    "fn-api": ("--lane", "fn-api"),
    "scala": ("--target", "scala"),
}

CONF = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "3",
    "spark.python.worker.reuse": "true",
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    # Executors' JVMs are as drivers'.
    "spark.executor.extraJavaOptions": os.environ.get("SPARK_SUBMIT_OPTS", ""),
}


def make_environment(records):
    """The environment of a run: this Python everywhere, loopback alone, and where to record."""
    return {
        **os.environ,
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join([RUNTIME, HERE]),
        "BEAM2SPARK_RECORD_DIR": records,
    }


def list_conf(records, more=None):
    """Spark's settings for a run, as arguments."""
    conf = {**CONF, "spark.executorEnv.BEAM2SPARK_RECORD_DIR": records, **(more or {})}
    return [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]


def run_process(command, folder, environment):
    """Runs a command in a folder with its output in `log`; gives the log's end if it failed."""
    path = os.path.join(folder, "log")
    with open(path, "wb") as log:
        try:
            result = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=TIMEOUT_SECONDS,
            )
            problem = None if result.returncode == 0 else f"status {result.returncode}"
        except subprocess.TimeoutExpired:
            problem = f"not done after {TIMEOUT_SECONDS} s"
    if problem is None:
        return None
    with open(path, encoding="utf-8", errors="replace") as log:
        return f"{problem}: {' '.join(command[:4])} …\n{log.read()[-6000:]}"


def run_on_beam(names, folder):
    """Runs programs on Beam's FnApiRunner; gives what went wrong, if anything.

    What has run into the folder already isn't run again: test sessions that are side by side may
    share one, and wait for each other.
    """
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [name for name in names if not os.path.exists(os.path.join(folder, name))]
        if not missing:
            return None
        command = [sys.executable, os.path.join(HERE, "run_on_beam.py"), folder, *missing]
        return run_process(command, folder, dict(os.environ))


def compile_projects(wanted, folder):
    """Compiles captured pipelines, (name, pipeline, way) each, in one process.

    Each has its project at folder/name/pipeline/way/project. Gives what the compiler said of each
    that it refused, None for the others.
    """
    commands = []
    for name, pipeline, way in wanted:
        place = os.path.join(folder, name, pipeline, way)
        os.makedirs(place)
        source = os.path.join(FIXTURES, name, f"{pipeline}.pb")
        words = ["compile", source, *WAYS[way], "-o", os.path.join(place, "project")]
        commands.append({"words": words, "log": os.path.join(place, "log")})
    path = os.path.join(folder, "commands.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(commands, file)
    words = ["node", os.path.join(HERE, "compile_projects.mjs"), path]
    problem = run_process(words, folder, dict(os.environ))
    said = [problem or read_problem(command["log"]) for command in commands]
    return dict(zip(wanted, said, strict=True))


def read_problem(path):
    """What a command line has said, if it has failed."""
    with open(path, encoding="utf-8") as log:
        text = log.read()
    return None if text.endswith("\nstatus 0\n") else text


def zip_runtime(path):
    """Packs the runtime for executors that share no folder with the driver."""
    with zipfile.ZipFile(path, "w") as archive:
        for parent, folders, names in os.walk(os.path.join(RUNTIME, "beam2spark_runtime")):
            folders[:] = [folder for folder in folders if folder != "__pycache__"]
            for name in names:
                source = os.path.join(parent, name)
                archive.write(source, os.path.relpath(source, RUNTIME))


def run_in_one_session(runs, master, folder):
    """Runs compiled projects (dicts as run_on_spark.py takes them) on one Spark session."""
    os.makedirs(folder)
    records = os.path.join(folder, "records")
    runtime = os.path.join(folder, "runtime.zip")
    runs_file = os.path.join(folder, "runs.json")
    zip_runtime(runtime)
    with open(runs_file, "w", encoding="utf-8") as file:
        json.dump(runs, file)
    # As the launcher and the drivers have it, and only where they do.
    daemon = {"spark.python.daemon.module": "beam2spark_runtime.worker_daemon"}
    conf = list_conf(records, daemon if master.startswith("local") else {})
    command = [
        *(SPARK_SUBMIT, "--master", master, "--py-files", runtime, *conf),
        *(os.path.join(HERE, "run_on_spark.py"), records, os.path.join(folder, "temp"), runs_file),
    ]
    return run_process(command, folder, make_environment(records))


def run_on_scala(runs, master, folder):
    """Runs compiled Scala projects on one warm driver."""
    os.makedirs(folder)
    records = os.path.join(folder, "records")
    words = ["--master", master, *list_conf(records)]
    return run_on_scala_driver(runs, words, records, make_environment(records), folder)


def run_by_command(name, pipeline, way, master, folder):
    """Runs one captured pipeline with `beam2spark run`, as a user does."""
    os.makedirs(folder)
    records = os.path.join(folder, ".records")
    environment = make_environment(records)
    del environment["PYTHONPATH"]
    command = [
        *(*COMMAND_LINE, "run", os.path.join(FIXTURES, name, f"{pipeline}.pb")),
        *("--python", sys.executable, "--temp-location", os.path.join(folder, "temp")),
        *(*WAYS[way], "--master", master, *list_conf(records)),
    ]
    with shared_outputs(name):
        clear_run(name, records)
        problem = run_process(command, folder, environment)
        collect_run(name, records, folder)
    shutil.rmtree(os.path.join(folder, "temp"), ignore_errors=True)
    return problem
