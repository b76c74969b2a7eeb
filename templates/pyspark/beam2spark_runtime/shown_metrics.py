"""The user's metrics as lines for people, and in Spark's own pages.

Spark shows named accumulators of Java's alone, and only those that tasks have added to. A
description of a job is shown and kept in the event log: a job of one row, which does nothing else,
has the metrics as its description. It is run only where there are pages or a log to show it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import SparkSession

# Beam's own file transforms report what they read and wrote as metrics of this namespace.
_LINEAGE = "lineage"
_LONGEST_DESCRIPTION = 4000


def describe_metrics(metrics: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for each of the user's own metrics."""
    return [
        f"{m['transform']}  {m['namespace']}.{m['name']} = {json.dumps(m['value'])}"
        for m in metrics
        if m["namespace"] != _LINEAGE
    ]


def show_metrics(spark: SparkSession, title: str, metrics: Sequence[Mapping[str, Any]]) -> None:
    """Shows the metrics in Spark's pages and event log, where there are any of either."""
    lines = describe_metrics(metrics)
    settings = spark.sparkContext.getConf()
    is_shown = settings.get("spark.ui.enabled", "true") == "true"
    is_logged = settings.get("spark.eventLog.enabled", "false") == "true"
    if not lines or not (is_shown or is_logged):
        return
    text = f"{title}metrics: {'; '.join(lines)}"
    if len(text) > _LONGEST_DESCRIPTION:
        text = text[:_LONGEST_DESCRIPTION] + "…"
    context = spark.sparkContext
    context.setJobDescription(text)
    try:
        spark.range(1, numPartitions=1).write.format("noop").mode("overwrite").save()
    finally:
        context.setLocalProperty("spark.job.description", None)
