"""Computing something now, once: rows kept in executors, in files, or taken by the driver."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .errors import RuntimeFailure


def owned_by(owner: str, frame: DataFrame) -> DataFrame:
    """The same rows by a plan of the owner's own, to be kept.

    Spark keeps the rows of equal plans once for all sessions, and lets go of them when the first
    one of them does. Its optimizer removes the condition, after it has looked for what is kept.
    """
    return frame.where(F.lit(owner) == F.lit(owner))


def persist_now(frame: DataFrame) -> DataFrame:
    """The DataFrame's rows, computed now and kept in memory or on the executors' disks."""
    kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
    kept.count()
    return kept


def write_and_read(frame: DataFrame, folder: str) -> DataFrame:
    """The DataFrame's rows, computed now into files of a folder and read back from there."""
    frame.write.mode("overwrite").parquet(folder)
    return frame.sparkSession.read.schema(frame.schema).parquet(folder)


@contextmanager
def kept_rows(frame: DataFrame) -> Iterator[DataFrame]:
    """The DataFrame's rows, computed now and kept for as long as the context lasts."""
    try:
        yield persist_now(frame)
    finally:
        frame.unpersist()


def measure_rows(kept: DataFrame) -> int:
    """How many bytes kept rows take where they lie."""
    return int(str(kept._jdf.queryExecution().optimizedPlan().stats().sizeInBytes()))


def serialise_rows(frame: DataFrame) -> bytes:
    """A DataFrame's rows, taken by the driver, as an Arrow stream."""
    table = frame.toArrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


class TempFolder:
    """A folder of this run under the temp location, which the driver and all executors reach.

    `scope` tells the runs of one application apart.

    On a local master one is made where none is given; on a cluster `path_of` refuses.
    """

    def __init__(self, spark: SparkSession, location: str | None, scope: str):
        self._spark = spark
        self._location = location
        self._scope = scope
        self._is_used = False
        self._local: tempfile.TemporaryDirectory[str] | None = None

    @property
    def is_available(self) -> bool:
        """Whether there is a place that the driver and all executors reach."""
        return self._location is not None or self._spark.sparkContext.master.startswith("local")

    def path_of(self, name: str) -> str:
        """The path of a folder for something of this name."""
        if self._location is None:
            if not self.is_available:
                raise RuntimeFailure(
                    "runtime/temp-location-missing",
                    f"{name} has to be stored where the driver and all executors can read it",
                    hint="give --temp-location, a path on a shared file system or an object store",
                )
            if self._local is None:
                self._local = tempfile.TemporaryDirectory(prefix="beam2spark-")
            return str(Path(self._local.name) / name)
        self._is_used = True
        return f"{self._folder()}/{name}"

    def qualified_path_of(self, name: str) -> str:
        """The same with its file system, `file:` for one that the machine mounts."""
        context = self._spark.sparkContext
        java: Any = context._jvm
        path = java.org.apache.hadoop.fs.Path(self.path_of(name))
        system = path.getFileSystem(context._jsc.hadoopConfiguration())
        return str(system.makeQualified(path).toString())

    def delete(self) -> None:
        """Deletes what lies there. Nothing may read it any more."""
        if self._local is not None:
            self._local.cleanup()
            return
        if not self._is_used:
            return
        context = self._spark.sparkContext
        java: Any = context._jvm
        path = java.org.apache.hadoop.fs.Path(self._folder())
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)

    def _folder(self) -> str:
        assert self._location is not None
        application = self._spark.sparkContext.applicationId
        return f"{self._location.rstrip('/')}/beam2spark/{application}/{self._scope}"
