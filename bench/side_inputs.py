"""Random look-ups in a large multimap side input, on a standalone cluster of two executors."""

import os
import shutil
import sys
import threading

from commands import BENCH, ENVIRONMENT, ROOT, SETTINGS, capture_program, run_pipeline
from measure import measure, watch_memory
from table import format_table

sys.path.append(os.path.join(ROOT, "test", "spark"))

from spark_cluster import run_cluster  # noqa: E402

LOOKUPS = 100_000
MEDIAN_LIMIT_MICROS = 200
WORKER_LIMIT = 2**30
# Spark's own fork server of Python workers, and the workers.
PYTHON_WORKERS = "pyspark.daemon"


def run_side_inputs(folder, mebibytes, report):
    """Runs the benchmark; gives its text. The program fails where a value is missing or wrong."""
    place = os.path.join(folder, "side-inputs")
    shutil.rmtree(place, ignore_errors=True)
    program = os.path.join(BENCH, "programs", "side_input_lookups.py")
    output = os.path.join(place, "output", "times")
    arguments = ("--mebibytes", str(mebibytes), "--lookups", str(LOOKUPS), "--output", output)
    pipeline = capture_program(program, place, *arguments)
    settings = {**SETTINGS, "spark.executor.memory": "1g"}
    processes, stop = {}, threading.Event()
    with run_cluster(os.path.join(place, "cluster")) as master:
        report(f"{mebibytes} MiB on {master}")
        watcher = threading.Thread(target=watch_memory, args=(os.getpid(), processes, stop))
        watcher.start()
        try:
            command = run_pipeline(pipeline, os.path.join(place, "temp"), settings, master)
            run = measure(command, ENVIRONMENT, place)
        finally:
            stop.set()
            watcher.join()
    with open(f"{output}-00000-of-00001", encoding="utf-8") as file:
        count, *times = map(int, file.read().split())
    left = [name for _, _, names in os.walk(os.path.join(place, "temp")) for name in names]
    shutil.rmtree(os.path.join(place, "cluster"), ignore_errors=True)
    if count != LOOKUPS or left:
        raise AssertionError(f"{count} look-ups were made; left under the temp location: {left}")
    workers = [p.peak for p in processes.values() if PYTHON_WORKERS in p.command]
    median, slow, slowest = (time / 1000 for time in times)
    held = median <= MEDIAN_LIMIT_MICROS and sum(workers) <= WORKER_LIMIT
    rows = [
        ["median look-up, µs", f"{median:.0f}", MEDIAN_LIMIT_MICROS],
        ["99th percentile, µs", f"{slow:.0f}", ""],
        ["slowest, µs", f"{slowest:.0f}", ""],
        [
            f"{len(workers)} Python processes of the executors, peaks together, MiB",
            f"{sum(workers) / 2**20:.0f}",
            f"{WORKER_LIMIT / 2**20:.0f}",
        ],
    ]
    return "\n".join(
        [
            f"AsMultiMap, {LOOKUPS} random look-ups in {mebibytes} MiB of values, two executors, "
            f"{run.seconds:.0f} s in all",
            "",
            format_table(["", "measured", "limit"], rows),
            "",
            f"bounds: {'held' if held else 'broken'}",
        ]
    )
