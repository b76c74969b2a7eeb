"""Eight user functions and a sum per key: the piece of which large pipelines are put together."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions


def pass_on(pair: tuple[str, int]) -> tuple[str, int]:
    return pair


class Segment(beam.PTransform):
    """Its input and its output have the same coder, so that one can follow the other."""

    def expand(self, pairs):
        for number in range(7):
            pairs |= f"Step{number}" >> beam.Map(pass_on)
        return pairs | "Sum" >> beam.CombinePerKey(sum) | "Typed" >> beam.Map(pass_on)


def run(argv=None):
    with beam.Pipeline(options=PipelineOptions(argv)) as pipeline:
        start = pipeline | "Start" >> beam.Create([("a", 1), ("b", 2)])
        start | "Segment" >> Segment()


if __name__ == "__main__":
    run()
