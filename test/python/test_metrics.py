"""Metrics of several tasks become those of the job, one info each."""

from __future__ import annotations

from typing import Any

from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.cells import (
    BoundedTrieData,
    DistributionData,
    GaugeData,
    HistogramData,
)
from apache_beam.portability.api import metrics_pb2
from apache_beam.utils.histogram import Histogram, LinearBucket
from beam2spark_runtime.metrics import merge_metrics
from beam2spark_runtime.task_reports import TaskReport, TaskReportsParam, merge_reported_metrics


def _histogram(*values: int) -> HistogramData:
    histogram = Histogram(LinearBucket(0, 2, 5))
    for value in values:
        histogram.record(value)
    return HistogramData(histogram)


def _trie(*paths: tuple[str, ...]) -> Any:
    trie = BoundedTrieData()
    for path in paths:
        trie = trie.combine(BoundedTrieData(singleton=path))
    return trie


def _task(number: int, transform: str = "T") -> list[metrics_pb2.MonitoringInfo]:
    """One task's metrics. The gauge of the first task is the latest."""
    place = {"ptransform": transform}
    m = monitoring_infos
    return [
        m.int64_user_counter("n", "counter", number, **place),
        m.int64_user_distribution(
            "n", "spread", DistributionData(number, 1, number, number), **place
        ),
        m.int64_user_gauge("n", "gauge", GaugeData(number, timestamp=100 - number), **place),
        m.user_set_string("n", "set", {"both", f"s{number}"}, **place),
        m.user_bounded_trie("n", "trie", _trie(("a", str(number))), **place),
        m.user_histogram("n", "histogram", _histogram(number, number), **place),
    ]


def _by_name(infos: list[metrics_pb2.MonitoringInfo]) -> dict[tuple[str, str], Any]:
    return {(i.labels["PTRANSFORM"], i.labels["NAME"]): i for i in infos}


def test_every_kind_is_merged_in_its_way() -> None:
    merged = merge_metrics([*_task(1), *_task(2), *_task(4), *_task(9, "U")])
    assert len(merged) == 12
    found = _by_name(merged)
    m = monitoring_infos
    assert m.extract_counter_value(found["T", "counter"]) == 7
    assert m.extract_counter_value(found["U", "counter"]) == 9
    assert m.extract_distribution(found["T", "spread"]) == (3, 7, 1, 4)
    assert m.extract_gauge_value(found["T", "gauge"]) == (99, 1)
    assert m.extract_string_set_value(found["T", "set"]) == {"both", "s1", "s2", "s4"}
    trie = m.extract_bounded_trie_value(found["T", "trie"])
    assert set(trie.flattened()) == {("a", str(n), False) for n in (1, 2, 4)}
    assert m.extract_histogram_value(found["T", "histogram"]) == _histogram(1, 1, 2, 2, 4, 4)
    assert merge_metrics([]) == []


def test_sums_wrap_around_as_they_do_within_a_bundle() -> None:
    m = monitoring_infos
    largest, place = (1 << 63) - 1, {"ptransform": "T"}
    one = [
        m.int64_user_counter("n", "counter", largest, **place),
        m.int64_user_distribution("n", "spread", DistributionData(largest, 1, 5, 5), **place),
    ]
    found = _by_name(merge_metrics([*one, *_task(2)]))
    assert m.extract_counter_value(found["T", "counter"]) == -largest
    assert m.extract_distribution(found["T", "spread"]) == (2, -largest, 2, 5)


def test_a_repeated_task_counts_once_and_speaks_once() -> None:
    spoken: list[Any] = []
    param = TaskReportsParam(spoken.extend)

    def report(number: int) -> TaskReport:
        infos = [info.SerializeToString() for info in _task(number)]
        return TaskReport(infos, [{"importance": "basic", "text": str(number)}])

    reports = param.zero({})
    for key, number in [(("s", 0), 1), (("s", 1), 2), (("s", 0), 1)]:
        reports = param.addInPlace(reports, {key: report(number)})
    found = _by_name(merge_reported_metrics(reports))
    assert monitoring_infos.extract_counter_value(found["T", "counter"]) == 3
    assert [message["text"] for message in spoken] == ["1", "2"]
