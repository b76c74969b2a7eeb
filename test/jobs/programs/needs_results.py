"""Goes on with results that a captured pipeline does not have."""

import sys

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

if __name__ == "__main__":
    pipeline = beam.Pipeline(options=PipelineOptions(sys.argv[1:]))
    _ = pipeline | beam.Create([1])
    result = pipeline.run()
    assert result.wait_until_finish() == "DONE"
    counters = result.metrics().query()["counters"]
    sys.exit(f"{len(counters)} counters")
