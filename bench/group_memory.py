"""One key with gigabytes of values through a GroupByKey, in bounded memory."""

import os
import shutil

from commands import BENCH, ENVIRONMENT, SETTINGS, capture_program, run_pipeline
from measure import measure
from table import format_table

GIBIBYTE = 2**30
VALUE_BYTES = 4096
WORKER_LIMIT = GIBIBYTE
DRIVER_HEAP = "2g"


def expect_line(mebibytes):
    """What the program writes when it has seen every value once."""
    count = mebibytes * 2**20 // VALUE_BYTES
    return f"{count} {count * VALUE_BYTES} {count * (count - 1) // 2}"


def run_group_memory(folder, mebibytes):
    """Runs the benchmark; gives its text. Fails where a value is lost or comes twice."""
    place = os.path.join(folder, "large-group")
    shutil.rmtree(place, ignore_errors=True)
    program = os.path.join(BENCH, "programs", "one_large_group.py")
    output = os.path.join(place, "output", "sum")
    pipeline = capture_program(program, place, "--mebibytes", str(mebibytes), "--output", output)
    settings = {
        **SETTINGS,
        "spark.driver.memory": DRIVER_HEAP,
        "spark.local.dir": os.path.join(place, "local"),
    }
    command = run_pipeline(pipeline, os.path.join(place, "temp"), settings)
    run = measure(command, ENVIRONMENT, place, memory=True)
    with open(f"{output}-00000-of-00001", encoding="utf-8") as file:
        line = file.read().strip()
    shutil.rmtree(os.path.join(place, "local"), ignore_errors=True)
    if line != expect_line(mebibytes):
        raise AssertionError(f"the group's sum is {line}, not {expect_line(mebibytes)}")
    worker = run.peak_of("pyspark", "daemon")
    peaks = [
        ("largest Python worker", worker, f"{WORKER_LIMIT / GIBIBYTE:.0f} GiB"),
        ("Python driver", run.peak_of("job.py", without="org.apache.spark"), ""),
        ("JVM: driver, executor, shuffle", run.peak_of("org.apache.spark"), f"{DRIVER_HEAP} heap"),
    ]
    rows = [[name, f"{peak / 2**20:.0f}", limit] for name, peak, limit in peaks]
    verdict = "held" if worker <= WORKER_LIMIT else "broken"
    return "\n".join(
        [
            f"GroupByKey, one key with {mebibytes / 1024:.1f} GiB of values, {run.seconds:.0f} s",
            "",
            format_table(["peak resident memory", "MiB", "limit"], rows),
            "",
            f"bound: a Python worker stays below {WORKER_LIMIT / GIBIBYTE:.0f} GiB: {verdict}",
        ]
    )
