"""Runs a pipeline and ends without waiting for it."""

import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

if __name__ == "__main__":
    pipeline = beam.Pipeline(options=PipelineOptions(sys.argv[1:]))
    _ = pipeline | beam.Create([1])
    pipeline.run()
