"""The user's metrics: as Beam's own counters give them for a bundle, and those of a whole job."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.cells import (
    BoundedTrieData,
    DistributionResult,
    GaugeResult,
    HistogramData,
)
from apache_beam.portability.api import metrics_pb2

Infos = list[metrics_pb2.MonitoringInfo]


def select_reported(infos: Iterable[Any], names: Mapping[str, str]) -> Infos:
    """The user's metrics, with the transform's full name (from `names`, by id) in the place of its
    id: Beam's clients take the whole label for the step's name.
    """
    selected = []
    for info in infos:
        if monitoring_infos.is_user_monitoring_info(info):
            label = monitoring_infos.PTRANSFORM_LABEL
            info.labels[label] = names.get(info.labels[label], info.labels[label])
            selected.append(info)
    return selected


def merge_metrics(infos: Iterable[metrics_pb2.MonitoringInfo]) -> Infos:
    """One info for each metric of each transform, sorted by transform, namespace, name and type.

    Counters and distributions are combined as Beam combines them, of gauges the latest counts, and
    sets, tries and histograms are united. Of a type that is none of these the last one is kept.
    """
    grouped: defaultdict[tuple[str, str, str, str], Infos] = defaultdict(list)
    for info in infos:
        namespace, name = monitoring_infos.parse_namespace_and_name(info)
        transform = info.labels[monitoring_infos.PTRANSFORM_LABEL]
        grouped[transform, namespace, name, info.type].append(info)
    return [reduce(_merge, same) for _, same in sorted(grouped.items())]


def _merge(
    first: metrics_pb2.MonitoringInfo, second: metrics_pb2.MonitoringInfo
) -> metrics_pb2.MonitoringInfo:
    merge = _MERGES.get(first.type, lambda _first, second: second)
    merged = metrics_pb2.MonitoringInfo()
    merged.CopyFrom(second)
    merged.payload = merge(first.payload, second.payload)
    return merged


def _merge_counters(first: bytes, second: bytes) -> bytes:
    coder = monitoring_infos.coders.VarIntCoder()
    return coder.encode(_wrap(coder.decode(first) + coder.decode(second)))


def _merge_distributions(first: bytes, second: bytes) -> bytes:
    coder = monitoring_infos.coders.VarIntCoder()
    one, other = (monitoring_infos._decode_distribution(coder, both) for both in (first, second))
    return monitoring_infos._encode_distribution(
        coder,
        one[0] + other[0],
        _wrap(one[1] + other[1]),
        min(one[2], other[2]),
        max(one[3], other[3]),
    )


def _wrap(total: int) -> int:
    """A sum in 64 bits. Beam's cells wrap around within a bundle, and so do the sums of bundles: a
    distribution of timestamps must not fail the job.
    """
    return (total + (1 << 63)) % (1 << 64) - (1 << 63)


def _merge_gauges(first: bytes, second: bytes) -> bytes:
    coder = monitoring_infos.coders.VarIntCoder()
    times = [monitoring_infos._decode_gauge(coder, payload)[0] for payload in (first, second)]
    return first if times[0] > times[1] else second


def _merge_sets(first: bytes, second: bytes) -> bytes:
    coder = monitoring_infos.coders.IterableCoder(monitoring_infos.coders.StrUtf8Coder())
    return coder.encode(sorted({*coder.decode(first), *coder.decode(second)}))


def _merge_tries(first: bytes, second: bytes) -> bytes:
    one, other = map(metrics_pb2.BoundedTrie.FromString, (first, second))
    both = BoundedTrieData.from_proto(one).combine(BoundedTrieData.from_proto(other))
    return both.to_proto().SerializeToString()


def _merge_histograms(first: bytes, second: bytes) -> bytes:
    one, other = map(metrics_pb2.HistogramValue.FromString, (first, second))
    both = HistogramData.from_proto(one).combine(HistogramData.from_proto(other))
    return both.to_proto().SerializeToString()


_MERGES: dict[str, Callable[[bytes, bytes], bytes]] = {
    monitoring_infos.SUM_INT64_TYPE: _merge_counters,
    monitoring_infos.DISTRIBUTION_INT64_TYPE: _merge_distributions,
    monitoring_infos.LATEST_INT64_TYPE: _merge_gauges,
    monitoring_infos.STRING_SET_TYPE: _merge_sets,
    monitoring_infos.BOUNDED_TRIE_TYPE: _merge_tries,
    monitoring_infos.HISTOGRAM_TYPE: _merge_histograms,
}


def decode_metrics(infos: Iterable[metrics_pb2.MonitoringInfo]) -> list[dict[str, Any]]:
    """Merged metrics as plain values, in their order.

    Each is {"transform", "namespace", "name", "kind", "value"}, where the value is JSON: a number,
    a distribution as {"count", "sum", "min", "max"}, a gauge's latest value, a sorted list,
    a histogram as {"count", "p50", "p90", "p99"}.
    """
    decoded = []
    for info in infos:
        namespace, name = monitoring_infos.parse_namespace_and_name(info)
        value = _extract_value(info)
        if value is not None:
            decoded.append(
                {
                    "transform": info.labels[monitoring_infos.PTRANSFORM_LABEL],
                    "namespace": namespace,
                    "name": name,
                    "kind": info.type.split(":")[2],
                    "value": _to_plain(value),
                }
            )
    return decoded


def _extract_value(info: metrics_pb2.MonitoringInfo) -> Any:
    if monitoring_infos.is_histogram(info):
        return monitoring_infos.extract_histogram_value(info)
    return monitoring_infos.extract_metric_result_map_value(info)


def _to_plain(value: Any) -> Any:
    if isinstance(value, DistributionResult):
        return {"count": value.count, "sum": value.sum, "min": value.min, "max": value.max}
    if isinstance(value, HistogramData):
        histogram = value.histogram
        marks = {"p50": histogram.p50(), "p90": histogram.p90(), "p99": histogram.p99()}
        return {"count": histogram.total_count(), **marks}
    if isinstance(value, GaugeResult):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "flattened"):
        return sorted(list(path) for path in value.flattened())
    return json.loads(json.dumps(value, default=str))
