"""A job's Fn API hosts: what the driver has to do so that its tasks find or start them."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from .host_connection import HOST_FOLDER, HostSettings, end_job
from .options import RuntimeOptions

_ARTIFACTS = "artifacts"


class JobHost:
    """What a job has of hosts; `close` lets go of it."""

    def __init__(self, settings: HostSettings, shipped: Path | None):
        self.settings = settings
        self._shipped = shipped

    def close(self) -> None:
        """Ends the job's workers on this machine, and removes what Spark has brought to executors.

        Hosts on other machines end workers that nobody wants any more.
        """
        if self._shipped is not None:
            shutil.rmtree(self._shipped, ignore_errors=True)
        end_job(self.settings)


def open_host(spark: SparkSession, project: Path, options: RuntimeOptions, scope: str) -> JobHost:
    """Prepares a job of a project for hosts. `scope` tells the jobs of one application apart.

    On a cluster Spark brings the host's program and the artifacts to the executors.
    """
    context = spark.sparkContext
    job = f"{context.applicationId}-{scope}"
    is_local = context.master.startswith("local")
    shipped = None if is_local else _collect(project, job)
    if shipped is not None:
        context.addFile(str(shipped), recursive=True)
    settings = HostSettings(
        job=job,
        application=context.applicationId,
        address=options.host,
        files=str(project) if shipped is None else shipped.name,
        is_shipped=shipped is not None,
        node=options.node,
        words=_list_words(options),
    )
    return JobHost(settings, None if shipped is None else shipped.parent)


def _collect(project: Path, job: str) -> Path:
    """A folder with a name of its own and what executors need of the project."""
    folder = Path(tempfile.mkdtemp(prefix="beam2spark-files-")) / f"beam2spark-{job}"
    for name in (HOST_FOLDER, _ARTIFACTS):
        if (project / name).is_dir():
            shutil.copytree(project / name, folder / name)
    return folder


def _list_words(options: RuntimeOptions) -> tuple[str, ...]:
    bind = ("--bind", options.host_bind) if options.host_bind else ()
    advertise = ("--advertise", options.host_advertise) if options.host_advertise else ()
    return (*bind, *advertise)
