"""Prints payloads of two bundles' metrics and what the in-process lane merges them to, as JSON."""

import json
import random
import sys

from apache_beam.metrics import monitoring_infos
from apache_beam.metrics.cells import BoundedTrieData, HistogramData
from apache_beam.portability.api import metrics_pb2
from apache_beam.utils.histogram import LinearBucket
from beam2spark_runtime.metrics import merge_metrics

_LARGEST = (1 << 63) - 1


def counters():
    """Sums, one of them over 64 bits."""
    values = [(1, 2), (-5, 3), (_LARGEST, 1)]
    for pair in values:
        yield [monitoring_infos.int64_user_counter("n", "c", v, ptransform="t") for v in pair]


def distributions():
    """Distributions, with negative numbers and sums over 64 bits."""
    for pair in [((1, 5, 5, 5), (2, -1, -4, 3)), ((1, _LARGEST, 9, _LARGEST), (1, 2, 2, 2))]:
        infos = []
        for count, total, least, most in pair:
            payload = monitoring_infos._encode_distribution(
                monitoring_infos.coders.VarIntCoder(), count, total, least, most
            )
            urn = monitoring_infos.USER_DISTRIBUTION_URN
            kind = monitoring_infos.DISTRIBUTION_INT64_TYPE
            infos.append(metrics_pb2.MonitoringInfo(urn=urn, type=kind, payload=payload))
        yield infos


def gauges():
    """Gauges, the later one first, last, and at the same time."""
    coder = monitoring_infos.coders.VarIntCoder()
    for pair in [((5, 1), (4, 2)), ((4, 1), (5, -2)), ((4, 1), (4, 2))]:
        yield [
            metrics_pb2.MonitoringInfo(
                urn=monitoring_infos.USER_GAUGE_URN,
                type=monitoring_infos.LATEST_INT64_TYPE,
                payload=coder.encode(time) + coder.encode(value),
            )
            for time, value in pair
        ]


def sets():
    """Sets of texts, some beyond the first plane, which UTF-16 would sort otherwise."""
    for pair in [({"b", "a"}, {"c", "a"}), ({"\uffff"}, {"\U0001f600", ""}), (set(), {"x"})]:
        yield [monitoring_infos.user_set_string("n", "s", v, ptransform="t") for v in pair]


def tries():
    """Tries within their bound: which of equal branches is cut is nobody's promise."""
    for size in (0, 1, 3, 20):
        infos = []
        for seed in (1, 2):
            made = random.Random(seed * 1000 + size)
            trie = BoundedTrieData()
            for _ in range(size):
                trie.add(tuple(made.choice("abcdefgh") for _ in range(made.randint(1, 5))))
            infos.append(
                metrics_pb2.MonitoringInfo(
                    urn=monitoring_infos.USER_BOUNDED_TRIE_URN,
                    type=monitoring_infos.BOUNDED_TRIE_TYPE,
                    payload=trie.to_proto().SerializeToString(),
                )
            )
        yield infos


def histograms():
    """Histograms of the same buckets."""
    infos = []
    for values in ([1, 2, 3, 11], [3, 4]):
        data = HistogramData.identity_element(LinearBucket(0, 1, 20))
        data.histogram.record(*values)
        infos.append(
            metrics_pb2.MonitoringInfo(
                urn=monitoring_infos.USER_HISTOGRAM_URN,
                type=monitoring_infos.HISTOGRAM_TYPE,
                payload=data.to_proto().SerializeToString(),
            )
        )
    yield infos


def main():
    """Prints all of them."""
    cases = []
    for make in (counters, distributions, gauges, sets, tries, histograms):
        for infos in make():
            [merged] = merge_metrics(infos)
            payloads = [info.payload.hex() for info in (*infos, merged)]
            cases.append({"type": merged.type, "payloads": payloads})
    json.dump(cases, sys.stdout)


main()
