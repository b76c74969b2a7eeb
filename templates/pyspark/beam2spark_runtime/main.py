"""`main(build)`: what an emitted job.py does when it is run by spark-submit."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from .errors import RuntimeFailure
from .events import open_events
from .job import Job
from .options import RuntimeOptions, apply_settings, parse_arguments
from .packages import add_packages
from .progress import Progress
from .project import Project
from .worker_setup import check_versions

_LOGGER = logging.getLogger(__name__)

Build = Callable[[Job], None]

EXIT_FAILED = 1
EXIT_REFUSED = 2


def main(build: Build, arguments: Sequence[str] | None = None) -> None:
    """Runs a job and exits the process: 0 done, 1 failed, 2 refused before it started."""
    sys.exit(run_job(build, sys.argv[1:] if arguments is None else arguments))


def run_job(build: Build, arguments: Sequence[str]) -> int:
    """Runs a job on the active Spark session, or on one of its own; returns the exit code."""
    project = Project(Path(inspect.getfile(build)).resolve().parent)
    plan = project.plan
    progress = Progress(plan.get("nodes", []), open_events())
    pipeline = plan.get("pipeline") or {}
    try:
        given = accept_run(project, arguments)
    except RuntimeFailure as failure:
        progress.fail(failure)
        return EXIT_REFUSED
    active = SparkSession.getActiveSession()
    spark = active or _start_session(pipeline.get("name"))
    try:
        return _build_and_report(build, spark, project, given, progress)
    finally:
        if active is None:
            spark.stop()


def accept_run(project: Project, arguments: Sequence[str]) -> RuntimeOptions:
    """The options of a run given as arguments.

    Raises `RuntimeFailure` where one isn't ours, or where this Python or SDK isn't the pipeline's.
    """
    given, unknown = parse_arguments(arguments)
    if unknown:
        raise RuntimeFailure("runtime/unknown-argument", f"{' '.join(unknown)} is not an argument")
    pipeline = project.plan.get("pipeline") or {}
    check_versions(pipeline.get("pythonVersion"), pipeline.get("sdkVersion"), "the driver")
    return given


def create_job(
    spark: SparkSession,
    project: Project,
    given: RuntimeOptions,
    progress: Progress,
    scope: str = "job",
) -> Job:
    """The job of a run; `given` are its arguments, Spark's settings are the rest of its options."""
    options = apply_settings(given, lambda name: spark.conf.get(name, None))
    add_packages()
    return Job(spark, project, options, progress, scope)


def _start_session(pipeline_name: str | None) -> SparkSession:
    """A session named by the user, else after the pipeline."""
    builder = SparkSession.builder
    # What spark-submit was given is known to Java alone. Without a name it takes the script's.
    SparkContext._ensure_initialized()
    if pipeline_name and SparkConf().get("spark.app.name") in (None, "job.py"):
        builder = builder.appName(pipeline_name)
    return builder.getOrCreate()


def _build_and_report(
    build: Build, spark: SparkSession, project: Project, given: RuntimeOptions, progress: Progress
) -> int:
    try:
        job = create_job(spark, project, given, progress)
        try:
            build(job)
        finally:
            for error in job.close():
                _LOGGER.warning("could not let go of all that the job has kept: %s", error)
    except Exception as error:
        progress.fail(error)
        return EXIT_FAILED
    job.report_metrics()
    return 0
