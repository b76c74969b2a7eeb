"""Metrics: gathered per bundle from Beam's own counters, brought to the driver once per task.

One Spark accumulator holds a dictionary keyed by stage and partition. A task that is repeated, or a
stage that is computed again, overwrites its entry instead of being counted twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.cells import DistributionResult, GaugeResult
from apache_beam.portability.api import metrics_pb2
from pyspark.accumulators import AccumulatorParam

Infos = list[metrics_pb2.MonitoringInfo]
TaskMetrics = dict[tuple[str, int], list[bytes]]


class TaskMetricsParam(AccumulatorParam):
    """Merges the metrics of tasks: the later report of a stage's partition replaces the earlier."""

    def zero(self, value: TaskMetrics) -> TaskMetrics:
        """Nothing reported."""
        return {}

    def addInPlace(self, value1: TaskMetrics, value2: TaskMetrics) -> TaskMetrics:
        """Both, the second over the first."""
        value1.update(value2)
        return value1


def select_reported(infos: Iterable[Any], names: Mapping[str, str]) -> Infos:
    """The user's metrics, with the transform's full name (from `names`, by id) in the place of its
    id.
    """
    selected = []
    for info in infos:
        if monitoring_infos.is_user_monitoring_info(info):
            label = monitoring_infos.PTRANSFORM_LABEL
            info.labels[label] = names.get(info.labels[label], info.labels[label])
            selected.append(info)
    return selected


def merge_metrics(infos: Iterable[metrics_pb2.MonitoringInfo]) -> Infos:
    """The same metrics in fewer infos: counters and distributions are combined as Beam combines
    them.
    """
    return list(monitoring_infos.consolidate(infos))


def decode_metrics(reports: TaskMetrics) -> list[dict[str, Any]]:
    """The user's metrics of a whole job as plain values, sorted by transform, namespace and name.

    Each is {"transform", "namespace", "name", "kind", "value"}, where the value is JSON: a number,
    a distribution as {"count", "sum", "min", "max"}, a gauge's latest value, a sorted list.
    """
    infos = [
        metrics_pb2.MonitoringInfo.FromString(report)
        for _, task_reports in sorted(reports.items())
        for report in task_reports
    ]
    grouped: defaultdict[tuple[str, str, str, str], list[Any]] = defaultdict(list)
    for info in merge_metrics(infos):
        namespace, name = monitoring_infos.parse_namespace_and_name(info)
        transform = info.labels[monitoring_infos.PTRANSFORM_LABEL]
        value = monitoring_infos.extract_metric_result_map_value(info)
        if value is not None:
            grouped[transform, namespace, name, info.type.split(":")[2]].append(value)
    return [
        {
            "transform": transform,
            "namespace": namespace,
            "name": name,
            "kind": kind,
            "value": _to_plain(reduce(_combine, values)),
        }
        for (transform, namespace, name, kind), values in sorted(grouped.items())
    ]


def _combine(first: Any, second: Any) -> Any:
    if isinstance(first, GaugeResult):
        return first if first.timestamp > second.timestamp else second
    if isinstance(first, set | frozenset):
        return first | second
    return first.combine(second)


def _to_plain(value: Any) -> Any:
    if isinstance(value, DistributionResult):
        return {"count": value.count, "sum": value.sum, "min": value.min, "max": value.max}
    if isinstance(value, GaugeResult):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "flattened"):
        return sorted(list(path) for path in value.flattened())
    return json.loads(json.dumps(value, default=str))
