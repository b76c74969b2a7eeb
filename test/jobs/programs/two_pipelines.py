"""Hands over two pipelines, and stages a file by hand with the second."""

import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

if __name__ == "__main__":
    for number in range(2):
        with beam.Pipeline(options=PipelineOptions(sys.argv[1:])) as pipeline:
            _ = pipeline | beam.Create([number])
