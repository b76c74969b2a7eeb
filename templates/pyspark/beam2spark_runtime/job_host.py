"""A job's Fn API hosts: what the driver has to do so that its tasks find or start them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path

from pyspark.sql import SparkSession

from .host_connection import HOST_FOLDER, HostSettings, end_job
from .options import RuntimeOptions

_ARTIFACTS = "artifacts"
_CORES = "spark.executor.cores"
_SLOTS_PER_HOST = 4


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
    name = f"beam2spark-{job}"
    shipped = None if is_local else _pack(project, name)
    if shipped is not None:
        context.addArchive(f"{shipped}#{name}")
    settings = HostSettings(
        job=job,
        application=context.applicationId,
        addresses=() if options.host is None else tuple(options.host.split(",")),
        hosts=options.hosts or _count_hosts(spark),
        files=str(project) if shipped is None else name,
        is_shipped=shipped is not None,
        node=options.node,
        words=_list_words(options),
    )
    return JobHost(settings, None if shipped is None else shipped.parent)


def _pack(project: Path, name: str) -> Path:
    """An archive of what executors need of the project, in a folder of its own."""
    archive = Path(tempfile.mkdtemp(prefix="beam2spark-files-")) / f"{name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in (HOST_FOLDER, _ARTIFACTS):
            for path in sorted((project / part).rglob("*")):
                packed.write(path, path.relative_to(project))
    return archive


def _count_hosts(spark: SparkSession) -> int:
    """How many hosts an executor has: one is enough for the rows of a few slots."""
    context = spark.sparkContext
    is_local = context.master.startswith("local")
    slots = context.defaultParallelism if is_local else int(spark.conf.get(_CORES, "1") or "1")
    return max(1, -(-slots // _SLOTS_PER_HOST))


def _list_words(options: RuntimeOptions) -> tuple[str, ...]:
    bind = ("--bind", options.host_bind) if options.host_bind else ()
    advertise = ("--advertise", options.host_advertise) if options.host_advertise else ()
    return (*bind, *advertise)
