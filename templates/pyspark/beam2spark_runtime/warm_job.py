"""One job of a warm driver: on a thread and in a Spark session of its own."""

from __future__ import annotations

import linecache
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from .cancellation import Cancellation, JobCancelled
from .driver_channel import DriverChannel
from .emitted_job import load_build
from .job import Job
from .main import accept_run, create_job
from .progress import Progress
from .project import Project
from .session_defaults import apply_defaults
from .spark_tasks import await_tasks

_LOGGER = logging.getLogger(__name__)

_CANCEL_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 5.0


class WarmJob:
    """A job that the service asked for.

    `name` is the service's, `serial` tells this driver's jobs apart, `slot` those that run at once:
    each has a pool of Spark's fair scheduler. `on_end` is called when nothing of it is left, before
    the service is told.
    """

    def __init__(
        self,
        spark: SparkSession,
        channel: DriverChannel,
        name: str,
        serial: int,
        slot: int,
        on_end: Callable[[WarmJob], None],
    ):
        self.name = name
        self.slot = slot
        self._spark = spark
        self._channel = channel
        self._scope = f"beam2spark-{serial}"
        self._on_end = on_end
        self._cancellation = Cancellation()
        self._thread: threading.Thread | None = None

    def start(self, folder: Path, arguments: Sequence[str]) -> None:
        """Runs the project of a folder."""
        self._thread = threading.Thread(
            target=self._run, args=(folder, arguments), name=self._scope, daemon=True
        )
        self._thread.start()

    def cancel(self) -> None:
        """Stops the job's Spark work, now and until its thread has noticed."""
        if self._cancellation.is_asked:
            return
        self._cancellation.ask()
        threading.Thread(target=self._cancel, name=f"{self._scope}-cancel", daemon=True).start()

    def join(self, seconds: float) -> None:
        """Waits until the job has ended, but not longer than this."""
        if self._thread is not None:
            self._thread.join(seconds)

    def send(self, event: Mapping[str, Any]) -> None:
        """Sends an event of this job."""
        self._channel.send({"job": self.name, **event})

    def _cancel(self) -> None:
        assert self._thread is not None
        while self._thread.is_alive():
            self._spark.sparkContext.cancelJobsWithTag(self._scope)
            self._thread.join(_CANCEL_SECONDS)

    def _run(self, folder: Path, arguments: Sequence[str]) -> None:
        outcome = "failed"
        try:
            outcome = self._build(folder, arguments)
        finally:
            self._on_end(self)
            self.send({"event": "finished", "outcome": outcome})

    def _build(self, folder: Path, arguments: Sequence[str]) -> str:
        """Builds the project; returns how it ended, after everything it kept has been let go."""
        progress = Progress([], self, self._scope, self.name, self._cancellation)
        job: Job | None = None
        try:
            project = Project(folder)
            nodes = project.plan.get("nodes", [])
            progress = Progress(nodes, self, self._scope, self.name, self._cancellation)
            given = accept_run(project, arguments)
            session = self._open_session(folder)
            job = create_job(session, project, given, progress, self._scope)
            load_build(folder, self._scope.replace("-", "_"))(job)
            job.report_metrics()
            return "done"
        except BaseException as error:
            # A program may even ask for its process to end, which isn't its own.
            return self._fail(error, job, progress)
        finally:
            if job is not None:
                for error in job.close():
                    self._warn("could not let go of all that the job has kept", error)
            linecache.cache.pop(str(folder / "job.py"), None)

    def _fail(self, error: BaseException, job: Job | None, progress: Progress) -> str:
        """Reports what a job ended with; returns how it ended, once none of its tasks runs."""
        is_cancelled = self._cancellation.is_asked or isinstance(error, JobCancelled)
        if not is_cancelled:
            progress.fail(error)
        try:
            # They still use what the job has.
            await_tasks(self._spark.sparkContext, self._scope, _LONGEST_WAIT_SECONDS)
            if job is not None:
                progress.monitoring_infos(job.monitoring_infos())
        except Exception as other:
            self._warn("could not tell what the job's tasks have done", other)
        return "cancelled" if is_cancelled else "failed"

    def _warn(self, text: str, error: Exception) -> None:
        _LOGGER.warning("%s: %s", self.name, text, exc_info=error)
        self.send({"event": "message", "importance": "warning", "text": f"{text}: {error}"})

    def _open_session(self, folder: Path) -> SparkSession:
        context = self._spark.sparkContext
        context.addJobTag(self._scope)
        context.setLocalProperty("spark.scheduler.pool", f"slot-{self.slot}")
        session = self._spark.newSession()
        apply_defaults(session, folder)
        return session
