"""What an emitted `build(job)` builds with: stages, side inputs, materialisation, actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .metrics import TaskMetricsParam, decode_metrics
from .options import RuntimeOptions
from .progress import Progress
from .project import Project
from .stage import Stage


class Job:
    """One run of a project on a Spark session. `progress` is told what happens."""

    def __init__(
        self, spark: SparkSession, project: Project, options: RuntimeOptions, progress: Progress
    ):
        self.spark = spark
        self.options = options
        self._project = project
        self._progress = progress
        self._setup = project.create_setup(options)
        self._metrics = spark.sparkContext.accumulator({}, TaskMetricsParam())

    def impulse(self) -> DataFrame:
        """Beam's Impulse: one row, whose `value` is empty bytes."""
        return self.spark.range(1, numPartitions=1).select(F.lit(bytearray()).alias("value"))

    def empty(self, schema: str) -> DataFrame:
        """No rows: a Flatten of nothing."""
        return self.spark.createDataFrame([], schema)

    def stage(self, name: str, schema: str, side_inputs: Sequence[Any] = ()) -> Stage:
        """A stage of the project, to be run by `mapInArrow(stage.process, stage.schema)`.

        `side_inputs` are what `side_input` gave, in the order of the stage's JSON.
        """
        description = self._project.read_stage(name)
        return Stage(description, schema, list(side_inputs), self._setup, self._metrics)

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
            kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
            kept.count()
        return kept

    def metrics(self) -> list[dict[str, Any]]:
        """The user's metrics so far (see `decode_metrics`)."""
        return decode_metrics(self._metrics.value)
