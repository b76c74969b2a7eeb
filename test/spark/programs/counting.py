"""Counts in all ways that Beam has, in tasks that fail once; prints what the client is told.

python counting.py MARKER --runner=…: MARKER is a file that the failing task leaves.
"""

import json
import os
import sys

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.utils.histogram import LinearBucket


class CountFn(beam.DoFn):
    """Counts its elements; fails where it meets `trouble` and nobody has failed before."""

    def __init__(self, marker, trouble):
        self.marker = marker
        self.trouble = trouble

    def setup(self):
        self.seen = Metrics.counter("kinds", "seen")
        self.sizes = Metrics.distribution("kinds", "sizes")
        self.latest = Metrics.gauge("kinds", "latest")
        self.names = Metrics.string_set("kinds", "names")
        self.paths = Metrics.bounded_trie("kinds", "paths")
        self.spread = Metrics.histogram("kinds", "spread", LinearBucket(0, 10, 10))

    def process(self, element):
        self.seen.inc()
        self.sizes.update(element)
        self.latest.set(7)
        self.names.add(f"n{element % 2}")
        self.paths.add(("p", str(element % 3)))
        self.spread.update(element)
        if element == self.trouble and not os.path.exists(self.marker):
            with open(self.marker, "w", encoding="utf-8"):
                pass
            raise OSError("this task fails once")
        yield element % 4, element


def describe_metrics(result):
    """Kind, name, attempted and committed of every metric that the client knows."""
    plain = {}
    for kind, metrics in result.metrics().query().items():
        for one in metrics:
            values = [describe_value(value) for value in (one.attempted, one.committed)]
            plain[f"{kind} {one.key.step} {one.key.metric.name}"] = values
    return plain


def describe_value(value):
    """A metric's value as JSON has it."""
    if hasattr(value, "flattened"):
        return sorted(map(list, value.flattened()))
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if hasattr(value, "count"):
        return [value.count, value.sum, value.min, value.max]
    return getattr(value, "value", value)


def run(marker, argv):
    """Runs the pipeline and prints its metrics as a line of JSON."""
    pipeline = beam.Pipeline(options=PipelineOptions(argv))
    (
        pipeline
        | beam.Create(range(100))
        | beam.Reshuffle()
        | "Before" >> beam.ParDo(CountFn(marker, 37))
        | beam.GroupByKey()
        | beam.FlatMap(lambda group: group[1])
        | "After" >> beam.ParDo(CountFn(f"{marker}-after", 42))
    )
    result = pipeline.run()
    result.wait_until_finish()
    print(json.dumps(describe_metrics(result)))


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
