"""Computing something now, once: side inputs on the driver, rows kept in executors or in files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from .errors import RuntimeFailure


def persist_now(frame: DataFrame) -> DataFrame:
    """The DataFrame's rows, computed now and kept in memory or on the executors' disks."""
    kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
    kept.count()
    return kept


def write_and_read(frame: DataFrame, folder: str) -> DataFrame:
    """The DataFrame's rows, computed now into files of a folder and read back from there."""
    frame.write.mode("overwrite").parquet(folder)
    return frame.sparkSession.read.schema(frame.schema).parquet(folder)


def collect_side_input(frame: DataFrame, limit: int, name: str) -> bytes:
    """A DataFrame's rows as an Arrow stream.

    The rows are computed once and measured where they lie before the driver takes them. Raises
    `RuntimeFailure` where they take more than `limit` bytes; `name` is the transform's.
    """
    kept = persist_now(frame)
    try:
        size = int(str(kept._jdf.queryExecution().optimizedPlan().stats().sizeInBytes()))
        if size > limit:
            raise refuse_side_input(size, limit, name)
        table = kept.toArrow()
    finally:
        kept.unpersist()
    if table.nbytes > limit:
        raise refuse_side_input(table.nbytes, limit, name)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def refuse_side_input(size: int, limit: int, name: str) -> RuntimeFailure:
    """The failure of a side input that is too large to be broadcast."""
    return RuntimeFailure(
        "runtime/side-input-too-large",
        f"the side input takes {size >> 20} MiB; at most {limit >> 20} MiB go to every executor",
        transform=name or None,
        hint="join the two collections (CoGroupByKey) instead, or raise "
        "spark.beam2spark.maxSideInputBytes",
    )


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

    def path_of(self, name: str) -> str:
        """The path of a folder for something of this name."""
        context = self._spark.sparkContext
        if self._location is None:
            if not context.master.startswith("local"):
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
