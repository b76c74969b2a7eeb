"""Workers that are forked from our daemon, in a Spark of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

_PROGRAM = """
    import json, os, sys, time
    import pyarrow as pa
    from pyspark.sql import SparkSession

    # Defined here, it travels by value: nothing of ours is imported for its sake.
    def look(batches):
        import numpy
        for batch in batches:
            time.sleep(2)
            modules = "apache_beam.runners.worker.bundle_processor" in sys.modules
            found = {"process": os.getpid(), "modules": modules, "drawn": numpy.random.random()}
            found["group"] = os.getpgrp()
            yield pa.record_batch([pa.array([json.dumps(found)])], ["found"])

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1")
    spark = builder.config("spark.python.daemon.module", "beam2spark_runtime.worker_daemon")
    rows = spark.getOrCreate().range(0, 2, 1, 2).mapInArrow(look, "found string").collect()
    print(json.dumps([json.loads(row.found) for row in rows]))
"""


def test_workers_have_beam_and_numbers_of_their_own_in_a_recorded_group(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(_PROGRAM))
    run = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "BEAM2SPARK_RECORD_DAEMON": "1", "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    first, second = json.loads(run.stdout.splitlines()[-1])
    assert first["modules"] and second["modules"]
    assert first["process"] != second["process"]
    assert first["drawn"] != second["drawn"]
    recorded = (tmp_path / "worker-daemon.pid").read_text()
    assert recorded == f"{first['group']}\n" and first["group"] == second["group"]
