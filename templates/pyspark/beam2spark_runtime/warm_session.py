"""The Spark session of a warm driver."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

# Unless the user has set something else.
_DEFAULTS = {
    # Jobs that run at once share the cores.
    "spark.scheduler.mode": "FAIR",
    # What is shown of old jobs is kept in memory.
    "spark.ui.retainedJobs": "200",
    "spark.ui.retainedStages": "400",
    "spark.ui.retainedTasks": "20000",
    "spark.sql.ui.retainedExecutions": "100",
    # Spark starts a thread for each query until there are so many, a thousand by default.
    "spark.sql.shuffleExchange.maxThreadThreshold": "32",
    "spark.sql.resultQueryStage.maxThreadThreshold": "32",
}
_LOCAL_DEFAULTS = {"spark.python.daemon.module": "beam2spark_runtime.worker_daemon"}


def start_session() -> SparkSession:
    """Starts Spark with what PYSPARK_SUBMIT_ARGS says, and the defaults of a warm driver."""
    # What was submitted is known to Java alone.
    SparkContext._ensure_initialized()
    conf = SparkConf()
    conf.setIfMissing("spark.master", "local[*]")
    is_local = conf.get("spark.master", "").startswith("local")
    for name, value in {**_DEFAULTS, **(_LOCAL_DEFAULTS if is_local else {})}.items():
        conf.setIfMissing(name, value)
    # Spark takes a driver without a script for a shell with a person in front of it.
    conf.set("spark.ui.showConsoleProgress", "false")
    return SparkSession.builder.config(conf=conf).getOrCreate()


def warm_up(spark: SparkSession) -> None:
    """Runs something small, so that the first job finds workers started and classes loaded."""

    def same(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from batches

    rows = spark.range(4, numPartitions=2).mapInArrow(same, "id bigint")
    both = rows.union(rows.repartition(2)).repartition("id").sortWithinPartitions("id")
    both.mapInArrow(same, "id bigint").write.format("noop").mode("overwrite").save()
