"""Reports a task's metrics and log messages, in the task's own process."""

from __future__ import annotations

from pyspark import TaskContext
from pyspark.accumulators import Accumulator

from .metrics import Infos
from .task_reports import Reports, TaskReport
from .worker_log import task_log


def report_task(reports: Accumulator[Reports], stage: str, metrics: Infos) -> None:
    """Reports what the task at hand has measured in a stage, and what was logged meanwhile."""
    context = TaskContext.get()
    messages = task_log.take()
    if (metrics or messages) and context is not None:
        report = TaskReport([info.SerializeToString() for info in metrics], messages)
        reports.add({(stage, context.partitionId()): report})
