"""Runs emitted projects one after the other on one Spark session; started by spark-submit.

    run_on_spark.py RECORDS TEMP_LOCATION RUNS.json

RECORDS is the folder that the workers record into (the same for all, as their environment is). RUNS
is a list of `{"fixture", "project", "result", "arguments"}`. Each result folder gets the run's
`records` and `files`, the `events.jsonl` that the runtime wrote, and `status`, which is there last.
"""

import importlib.util
import json
import os
import sys
import time

from beam2spark_runtime.main import run_job
from pyspark.sql import SparkSession
from run_folders import clear_run, collect_run, shared_outputs


def load_job(project, number):
    """The `job.py` of a project as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"job_{number}", os.path.join(project, "job.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_project(run, number, records, temp_location):
    """Runs one project and collects what it left; a broken project is a status, not an end."""
    os.makedirs(run["result"])
    os.environ["BEAM2SPARK_EVENTS"] = os.path.join(run["result"], "events.jsonl")
    clear_run(run["fixture"], records)
    started = time.monotonic()
    try:
        module = load_job(run["project"], number)
        status = run_job(module.build, ["--temp-location", temp_location, *run["arguments"]])
    except Exception as error:
        status = f"{type(error).__name__}: {error}"
    collect_run(run["fixture"], records, run["result"])
    with open(os.path.join(run["result"], "status"), "w", encoding="utf-8") as file:
        json.dump({"status": status, "seconds": time.monotonic() - started}, file)


if __name__ == "__main__":
    record_folder, temp, runs_file = sys.argv[1:]
    with open(runs_file, encoding="utf-8") as file:
        runs = json.load(file)
    spark = SparkSession.builder.appName("fixtures").getOrCreate()
    for index, entry in enumerate(runs):
        with shared_outputs(entry["fixture"]):
            run_project(entry, index, record_folder, os.path.join(temp, str(index)))
        spark.catalog.clearCache()
    spark.stop()
