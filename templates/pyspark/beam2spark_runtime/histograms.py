"""Histograms of user functions leave the worker as other metrics do.

Beam's Python SDK counts them, has a monitoring info for them, and gives none: its cell says that no
runner takes them yet. This one does.
"""

from __future__ import annotations

from typing import Any

from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.cells import HistogramCell
from apache_beam.metrics.metricbase import MetricName


def report_histograms() -> None:
    """Lets this process's histograms be among the monitoring infos of their transforms."""
    HistogramCell.to_runner_api_monitoring_info = _describe_cell


def _describe_cell(cell: HistogramCell, name: MetricName, transform_id: str) -> Any:
    data = cell.get_cumulative()
    if not data.histogram.total_count():
        return None
    return monitoring_infos.user_histogram(name.namespace, name.name, data, ptransform=transform_id)
