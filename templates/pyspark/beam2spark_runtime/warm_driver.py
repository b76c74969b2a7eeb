"""A Spark driver that stays: `python -m beam2spark_runtime.warm_driver` runs one job after another.

It speaks with the Job service over the socket that it is started with as file descriptor 3, a line
of JSON for each message:

    service  {"command": "run", "job": ID, "project": FOLDER, "arguments": [...]}
             {"command": "cancel", "job": ID}
             {"command": "stop"}
    driver   {"event": "ready", "applicationId": ..., "webUrl": ... or null}
             {"job": ID, "event": ...}: a job's progress, messages, failure, metrics and, last,
             {"job": ID, "event": "finished", "outcome": "done" | "failed" | "cancelled"}

Spark's options come in PYSPARK_SUBMIT_ARGS. Once the service has gone, all jobs are stopped and the
driver ends.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from . import beam_log  # noqa: F401 - it hides a warning
from .driver_channel import DriverChannel
from .warm_job import WarmJob
from .warm_session import start_session, warm_up

_DESCRIPTOR = 3
_EXIT_SPARK_DIED = 3
_TIDY_SECONDS = 2.0
_STOP_SECONDS = 5.0


class WarmDriver:
    """Runs the jobs that come over the channel, side by side, until it is told to stop."""

    def __init__(self, spark: SparkSession, channel: DriverChannel):
        self._spark = spark
        self._channel = channel
        self._serials = count(1)
        self._lock = threading.Lock()
        self._jobs: dict[str, WarmJob] = {}
        self._is_untidy = False

    def serve(self) -> None:
        """Obeys commands; returns after a stop, or once the service has gone."""
        while True:
            try:
                command = self._channel.receive(_TIDY_SECONDS if self._is_untidy else None)
            except EOFError:
                break
            if command is None:
                self._tidy()
            elif command["command"] == "run":
                self._run(command)
            elif command["command"] == "cancel":
                self._cancel(command["job"])
            else:
                break
        self._stop_jobs()

    def _run(self, command: Mapping[str, Any]) -> None:
        with self._lock:
            taken = {job.slot for job in self._jobs.values()}
            slot = next(slot for slot in count() if slot not in taken)
            job = WarmJob(
                self._spark, self._channel, command["job"], next(self._serials), slot, self._end
            )
            self._jobs[job.name] = job
            self._is_untidy = True
            job.start(Path(command["project"]), command["arguments"])

    def _cancel(self, name: str) -> None:
        with self._lock:
            job = self._jobs.get(name)
        if job is not None:
            job.cancel()

    def _end(self, job: WarmJob) -> None:
        with self._lock:
            del self._jobs[job.name]
        if self._spark.sparkContext._jsc.sc().isStopped():
            os._exit(_EXIT_SPARK_DIED)

    def _tidy(self) -> None:
        """Collects garbage while nobody waits: Spark drops the files of what Java has dropped."""
        with self._lock:
            if self._jobs:
                return
            self._is_untidy = False
        gc.collect()
        java: Any = self._spark.sparkContext._jvm
        java.System.gc()

    def _stop_jobs(self) -> None:
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            job.cancel()
        for job in jobs:
            job.join(_STOP_SECONDS)


def main() -> int:
    """Serves until the service stops the driver or goes; gives the exit code."""
    # Meant for the service, which says what becomes of its drivers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=_DESCRIPTOR)
    connection.set_inheritable(False)
    channel = DriverChannel(connection)
    spark = start_session()
    _watch_spark(spark)
    warm_up(spark)
    gc.collect()
    gc.freeze()
    context = spark.sparkContext
    channel.send(
        {"event": "ready", "applicationId": context.applicationId, "webUrl": context.uiWebUrl}
    )
    WarmDriver(spark, channel).serve()
    spark.stop()
    return 0


def _watch_spark(spark: SparkSession) -> None:
    """Ends this process as soon as Java does: there is nothing left to drive."""
    process = spark.sparkContext._gateway.proc

    def wait() -> None:
        process.wait()
        os._exit(_EXIT_SPARK_DIED)

    threading.Thread(target=wait, name="beam2spark-watch", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
