"""What tasks report beside their rows, metrics and log messages, brought to the driver once each.

One Spark accumulator for each job holds a dictionary keyed by stage and partition. A task that is
repeated, or a stage that is computed again, overwrites its entry instead of being counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apache_beam.portability.api import metrics_pb2
from pyspark import SparkContext, accumulators
from pyspark.accumulators import Accumulator, AccumulatorParam

from .metrics import Infos, merge_metrics

# {"importance": one of Beam's message importances in lower case, "text": …}
Message = Mapping[str, str]


@dataclass(frozen=True)
class TaskReport:
    """The report of one task: the user's metrics (serialized) and log messages."""

    metrics: Sequence[bytes]
    messages: Sequence[Message]


Reports = dict[tuple[str, int], TaskReport]


class TaskReportsParam(AccumulatorParam):
    """Merges the reports of tasks: the later one of a stage's partition replaces the earlier.

    On the driver, `show` is given the messages of each partition as they come, the first time.
    """

    def __init__(self, show: Callable[[Sequence[Message]], None] | None = None):
        self._show = show

    def __reduce__(self) -> tuple[Any, ...]:
        return TaskReportsParam, ()

    def zero(self, value: Reports) -> Reports:
        """Nothing reported."""
        return {}

    def addInPlace(self, value1: Reports, value2: Reports) -> Reports:
        """Both, the second over the first."""
        if self._show is not None:
            for key, report in value2.items():
                if report.messages and key not in value1:
                    self._show(report.messages)
        value1.update(value2)
        return value1


def open_reports(
    context: SparkContext, show: Callable[[Sequence[Message]], None] | None
) -> Accumulator[Reports]:
    """The accumulator of a job's reports; `close_reports` ends it."""
    return context.accumulator({}, TaskReportsParam(show))


def close_reports(reports: Accumulator[Reports]) -> None:
    """Lets go of a job's reports, which PySpark would keep as long as the driver runs."""
    accumulators._accumulatorRegistry.pop(reports.aid, None)


def merge_reported_metrics(reports: Reports) -> Infos:
    """The user's metrics of all reports, merged."""
    infos = [
        metrics_pb2.MonitoringInfo.FromString(info)
        for _, report in sorted(reports.items())
        for info in report.metrics
    ]
    return merge_metrics(infos)
