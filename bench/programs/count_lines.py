"""How often each line of a text is there: reading and counting are Beam's own transforms."""

import argparse

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions


def format_count(line: str, count: int) -> str:
    """The line of a line and its count."""
    return f"{line}: {count}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments, rest = parser.parse_known_args()
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        (
            pipeline
            | beam.io.ReadFromText(arguments.input)
            | beam.combiners.Count.PerElement()
            | beam.MapTuple(format_count)
            | beam.io.WriteToText(arguments.output)
        )
