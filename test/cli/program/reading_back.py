"""Writes with one pipeline, reads the files itself, and again with another pipeline."""

import argparse
import glob

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    arguments, rest = parser.parse_known_args()
    first = f"{arguments.folder}/first"
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        _ = pipeline | beam.Create(["a", "b"]) | beam.io.WriteToText(first)
    lines = sorted(line for path in glob.glob(f"{first}*") for line in open(path))
    print("read back", lines)
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        _ = (
            pipeline
            | beam.io.ReadFromText(f"{first}*")
            | beam.Map(str.upper)
            | beam.io.WriteToText(f"{arguments.folder}/second")
        )
