"""A pipeline whose step `Identity` hands every element on, for the benchmark of the Fn API host."""

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions


def hand_on(element: bytes) -> bytes:
    """The function whose worker is measured."""
    return element


def main():
    """Submits the pipeline as its arguments say."""
    with beam.Pipeline(options=PipelineOptions()) as pipeline:
        (
            pipeline
            | beam.Impulse()
            | "Identity" >> beam.Map(hand_on).with_input_types(bytes).with_output_types(bytes)
        )


main()
