"""One Spark session for all tests, and a folder for a project."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_RUNTIME = _HERE.parents[1] / "templates" / "pyspark"
sys.path[:0] = [str(_RUNTIME), str(_HERE)]
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(_RUNTIME), str(_HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
)
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

from beam2spark_runtime.job import Job  # noqa: E402
from beam2spark_runtime.options import RuntimeOptions  # noqa: E402
from beam2spark_runtime.progress import Progress  # noqa: E402
from beam2spark_runtime.project import Project  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A small local Spark."""
    session = (
        SparkSession.builder.master("local[2]")
        .appName("beam2spark-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.memory", "1g")
        # As on users' local masters: workers have Beam at once.
        .config("spark.python.daemon.module", "beam2spark_runtime.worker_daemon")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def job(spark: SparkSession, tmp_path: Path) -> Job:
    """A job on the project in `tmp_path`."""
    return Job(spark, Project(tmp_path), RuntimeOptions(), Progress([], None))
