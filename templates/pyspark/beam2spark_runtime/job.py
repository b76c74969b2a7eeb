"""What an emitted `build(job)` builds with: stages, side inputs, materialisation, actions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from apache_beam.io.filesystem import CompressionTypes
from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from .bounded_source import create_data_source, source_format
from .errors import RuntimeFailure
from .job_host import JobHost, open_host
from .materialise import (
    TempFolder,
    kept_rows,
    measure_rows,
    owned_by,
    persist_now,
    serialise_rows,
    write_and_read,
)
from .metrics import Infos, decode_metrics
from .options import RuntimeOptions
from .parquet_source import read_parquet
from .progress import Progress
from .project import Project
from .shown_metrics import show_metrics
from .stage import Stage
from .store_side_input import store_side_input
from .stored_rows import StoredRows
from .task_reports import close_reports, merge_reported_metrics, open_reports
from .text_source import read_text
from .worker_stage import WorkerStage

_LOGGER = logging.getLogger(__name__)

# Parts of a text to each slot, so that slower ones hold nobody up for long.
_PARTITIONS_PER_SLOT = 2


class Job:
    """One run of a project on a Spark session. `progress` is told what happens.

    `scope` names the run's folder under the temp location, and tells the runs of one Spark
    application apart.
    """

    def __init__(
        self,
        spark: SparkSession,
        project: Project,
        options: RuntimeOptions,
        progress: Progress,
        scope: str = "job",
    ):
        self.spark = spark
        self.options = options
        self._project = project
        self._progress = progress
        in_workers = replace(options, parallelism=self._count_slots())
        self._setup = project.create_setup(in_workers, scope)
        self._temp = TempFolder(spark, options.temp_location, scope)
        self._scope = scope
        self._host: JobHost | None = None
        self._checkpoints = 0
        self._stages = 0
        self._settings: set[str] = set()
        self._persisted: list[DataFrame] = []
        self._broadcasts: list[Broadcast[bytes]] = []
        self._reports = open_reports(spark.sparkContext, progress.messages)

    def impulse(self) -> DataFrame:
        """Beam's Impulse: one row, whose `value` is empty bytes."""
        return self.spark.range(1, numPartitions=1).select(F.lit(bytearray()).alias("value"))

    def empty(self, schema: str) -> DataFrame:
        """No rows: a Flatten of nothing."""
        return self.spark.createDataFrame([], schema)

    def read_text(self, pattern: str, compression: str = CompressionTypes.AUTO) -> DataFrame:
        """Beam's ReadFromText of a file pattern: its lines, as `value string`."""
        slots = self._prepare_file_read()
        return read_text(self.spark, pattern, compression, self._setup, slots)

    def read_parquet(self, pattern: str, columns: Sequence[str] | None = None) -> DataFrame:
        """Beam's ReadFromParquet of a file pattern: its rows, a `value` of layout `record`."""
        slots = self._prepare_file_read()
        return read_parquet(self.spark, pattern, columns, self._setup, slots)

    def read_source(self, name: str, schema: str) -> DataFrame:
        """A bounded source of the project's stages, read through Spark's data source API."""
        description = self._project.read_stage(name)
        source = create_data_source(description, schema, self._setup, self._count_slots())
        self.spark.dataSource.register(source)
        return self.spark.read.format(source_format(name)).load()

    def stage(self, name: str, schema: str, side_inputs: Sequence[Any] = ()) -> Stage:
        """A stage of the project, to be run by `mapInArrow(stage.process, stage.schema)`.

        `side_inputs` are what `side_input` gave, in the order of the stage's JSON.
        """
        self._progress.check()
        description = self._project.read_stage(name)
        self._stages += 1
        return Stage(
            description, schema, list(side_inputs), self._setup, self._reports, self._stages
        )

    def worker_stage(self, name: str, schema: str, side_inputs: Sequence[Any] = ()) -> WorkerStage:
        """A stage whose functions run in workers of their SDK, used as one of `stage` is."""
        self._progress.check()
        if self._host is None:
            self._host = open_host(self.spark, self._project.folder, self.options, self._scope)
        return WorkerStage(
            self._project.read_stage(name),
            schema,
            to_arrow_schema(StructType.fromDDL(schema)),
            list(side_inputs),
            self._host.settings,
            self._setup.pipeline_options,
            self.options,
            self._reports,
        )

    def output(self, frame: DataFrame, index: int, *columns: str) -> DataFrame:
        """One output of a stage that has several, its columns under their plain names."""
        names = [F.col(f"o{index}_{name}").alias(name) for name in columns]
        return frame.where(F.col("output") == index).select(*names)

    def run(self, frame: DataFrame, node: int | None = None) -> None:
        """Computes a DataFrame for its effects and throws its rows away."""
        with self._progress.node(node, self.spark.sparkContext):
            frame.write.format("noop").mode("overwrite").save()

    def persist(self, frame: DataFrame, node: int | None = None) -> DataFrame:
        """Computes a DataFrame now, once, and keeps its rows for whoever reads them."""
        with self._progress.node(node, self.spark.sparkContext):
            owned = owned_by(self._scope, frame)
            self._persisted.append(owned)
            return persist_now(owned)

    def checkpoint(self, frame: DataFrame, node: int | None = None) -> DataFrame:
        """Computes a DataFrame now, once, into files: not even a lost executor repeats it."""
        self._checkpoints += 1
        folder = self._temp.path_of(f"node-{node}-{self._checkpoints}")
        with self._progress.node(node, self.spark.sparkContext):
            return write_and_read(frame, folder)

    def side_input(
        self, frame: DataFrame, node: int | None = None
    ) -> Broadcast[bytes] | StoredRows:
        """Computes a DataFrame now, once, for the stages that read it as a side input.

        Up to the limit of the options its rows are sent to every executor. Above it they go to
        files, and stages look up there what they need. Raises `RuntimeFailure`
        (`runtime/temp-location-missing`) where there is no place for them.
        """
        owned = owned_by(self._scope, frame)
        with self._progress.node(node, self.spark.sparkContext), kept_rows(owned) as kept:
            size = measure_rows(kept)
            if size > self.options.max_side_input_bytes:
                return self._store_side_input(kept, size, node)
            sent = self.spark.sparkContext.broadcast(serialise_rows(kept))
            self._broadcasts.append(sent)
            return sent

    def spread(self, frame: DataFrame) -> DataFrame:
        """The same rows spread evenly over as many tasks as there are slots (or `parallelism`)."""
        return frame.repartition(self._count_slots())

    def metrics(self) -> list[dict[str, Any]]:
        """The user's metrics so far (see `decode_metrics`)."""
        return decode_metrics(self.monitoring_infos())

    def report_metrics(self) -> None:
        """Tells `progress` of the user's metrics, and shows them in Spark's pages."""
        infos = self.monitoring_infos()
        metrics = decode_metrics(infos)
        self._progress.metrics(metrics, infos)
        try:
            show_metrics(self.spark, self._progress.title, metrics)
        except Exception as error:
            # The job has done its work.
            _LOGGER.warning("Spark could not show the metrics: %s", error)

    def monitoring_infos(self) -> Infos:
        """The user's metrics so far as Beam's clients take them, merged over all tasks."""
        return merge_reported_metrics(self._reports.value)

    def close(self) -> list[Exception]:
        """Lets go of what the run has kept, in files, in executors and here, and takes back what
        it has set. Its metrics stay. Returns what went wrong: nothing keeps the rest from going.
        """
        steps: list[Callable[[], object]] = [
            *(frame.unpersist for frame in self._persisted),
            *(sent.destroy for sent in self._broadcasts),
            lambda: close_reports(self._reports),
            *([self._host.close] if self._host is not None else []),
            self._temp.delete,
            *(partial(self.spark.conf.unset, name) for name in self._settings),
        ]
        self._persisted.clear()
        self._broadcasts.clear()
        self._settings.clear()
        errors: list[Exception] = []
        for step in steps:
            try:
                step()
            except Exception as error:
                errors.append(error)
        return errors

    def _store_side_input(self, frame: DataFrame, size: int, node: int | None) -> StoredRows:
        if not self._temp.is_available:
            raise RuntimeFailure(
                "runtime/temp-location-missing",
                f"the side input takes {size >> 20} MiB; above "
                f"{self.options.max_side_input_bytes >> 20} MiB it is stored in files that the "
                "driver and all executors can read",
                transform=self._progress.name_of(node) or None,
                hint="give --temp-location, a path on a shared file system or an object store, or "
                "raise spark.beam2spark.maxSideInputBytes",
            )
        self._checkpoints += 1
        folder = self._temp.qualified_path_of(f"node-{node}-{self._checkpoints}")
        readers = self._project.find_readers(node)
        return store_side_input(frame, size, readers, folder, self._setup, self._count_slots())

    def _prepare_file_read(self) -> int:
        """Lets Spark cut files into some parts for each slot; gives the number of slots."""
        slots = self._count_slots()
        # A file of two and a half partitions would keep one core busy for three: Spark cuts smaller
        # files into as many parts as there are slots, and larger ones at 128 MB.
        self._set_for_this_run("spark.sql.files.minPartitionNum", str(_PARTITIONS_PER_SLOT * slots))
        return slots

    def _set_for_this_run(self, name: str, value: str) -> None:
        """Sets something of Spark's that the user has left open; `close` takes it back."""
        if self.spark.conf.get(name, None) is not None:
            return
        self._settings.add(name)
        self.spark.conf.set(name, value)

    def _count_slots(self) -> int:
        if self.options.parallelism:
            return self.options.parallelism
        executors = int(self.spark.conf.get("spark.executor.instances", "0"))
        cores = executors * int(self.spark.conf.get("spark.executor.cores", "1"))
        return max(2, cores, self.spark.sparkContext.defaultParallelism)
