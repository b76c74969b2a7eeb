"""Spark's daemon that forks Python workers, with Beam imported already.

Importing Beam takes each new worker a second or more; a fork has it at once. Used on local masters
(`spark.python.daemon.module`), where the daemon is sure to find this package.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pyspark.worker  # noqa: F401 - what every worker imports
from apache_beam.runners.worker import bundle_processor  # noqa: F401 - most of Beam
from pyspark import daemon

_RECORD = "worker-daemon.pid"


def main() -> None:
    """Forks workers until Spark closes the standard input.

    With BEAM2SPARK_RECORD_DAEMON=1 the daemon writes its process id to a file in TMPDIR first, a
    line for each daemon of the driver: each leads a process group of its own, with its workers.
    """
    if os.environ.get("BEAM2SPARK_RECORD_DAEMON") == "1":
        with (Path(os.environ["TMPDIR"]) / _RECORD).open("a") as record:
            record.write(f"{os.getpid()}\n")
    # Else all workers would draw the same numbers; Python's own generator sees to itself.
    os.register_at_fork(after_in_child=np.random.seed)
    # Workers collect garbage after each task: what is imported by now is none.
    gc.collect()
    gc.freeze()
    daemon.manager()


if __name__ == "__main__":
    main()
