"""Writes its words in capitals, counting them."""

import argparse

import apache_beam as beam
import words_beside
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import PipelineOptions


class Count(beam.DoFn):
    def process(self, word):
        Metrics.counter("words", "seen").inc()
        yield word


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--word", action="append")
    parser.add_argument("--output")
    arguments, rest = parser.parse_known_args()
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        _ = (
            pipeline
            | beam.Create(arguments.word)
            | "Count" >> beam.ParDo(Count())
            | "Shout" >> beam.Map(words_beside.shout)
            | "Write" >> beam.io.WriteToText(arguments.output)
        )
