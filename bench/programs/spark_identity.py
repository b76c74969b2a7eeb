"""A Spark job of one stage in workers of their SDK; prints a line of JSON for each run of it.

spark-submit spark_identity.py PROJECT ROUNDS ROWS,BYTES…
"""

import json
import os
import sys
import time
from pathlib import Path

from beam2spark_runtime.job import Job
from beam2spark_runtime.options import RuntimeOptions
from beam2spark_runtime.progress import Progress
from beam2spark_runtime.project import Project
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

SCHEMA = "value binary"


def read_host_seconds(project):
    """The processor time of the project's host so far."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if os.fsencode(str(project)) in b" ".join(words) and b"--listen" in words:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def run_stage(spark, job, rows, size):
    """Runs the stage over so many rows, and throws its output away."""
    value = F.lit(bytearray(b"x" * size)).alias("value")
    frame = spark.range(rows, numPartitions=1).select(value)
    stage = job.worker_stage("identity", SCHEMA)
    job.run(frame.mapInArrow(stage.process, stage.schema))


def main():
    """Runs each size once to warm it up, then so many times."""
    project, rounds, sizes = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    spark = SparkSession.builder.getOrCreate()
    job = Job(spark, Project(project), RuntimeOptions(), Progress([], None))
    try:
        for given in sizes:
            rows, size = map(int, given.split(","))
            run_stage(spark, job, rows // 2, size)
            for _ in range(rounds):
                before, started = read_host_seconds(project), time.perf_counter()
                run_stage(spark, job, rows, size)
                run = {
                    "elements": rows,
                    "seconds": time.perf_counter() - started,
                    "cpuSeconds": read_host_seconds(project) - before,
                }
                print(json.dumps({"bytes": size, "spark": run}), flush=True)
    finally:
        job.close()
        spark.stop()


main()
