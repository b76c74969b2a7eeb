"""One key with gigabytes of values, made by many tasks and streamed into the group's consumer."""

import argparse

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

VALUE_BYTES = 4096
VALUES_PER_SEED = 1024


def make_values(seed: int):
    """Four mebibytes of values, no two alike."""
    for number in range(VALUES_PER_SEED):
        yield (
            "the only key",
            (seed * VALUES_PER_SEED + number).to_bytes(8, "big") * (VALUE_BYTES // 8),
        )


def add_up(key, values):
    """Reads the group once, from end to end."""
    count = size = total = 0
    for value in values:
        count += 1
        size += len(value)
        total += int.from_bytes(value[:8], "big")
    return f"{count} {size} {total}"


def run(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--mebibytes", type=int, default=3072)
    parser.add_argument("--output", required=True)
    arguments, rest = parser.parse_known_args(argv)
    seeds = arguments.mebibytes * 2**20 // (VALUE_BYTES * VALUES_PER_SEED)
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        (
            pipeline
            | beam.Create(list(range(seeds)))
            | "Spread" >> beam.Reshuffle()
            | "Values" >> beam.FlatMap(make_values).with_output_types(tuple[str, bytes])
            | "Group" >> beam.GroupByKey()
            | "AddUp" >> beam.MapTuple(add_up).with_output_types(str)
            | "Write" >> beam.io.WriteToText(arguments.output, num_shards=1)
        )


if __name__ == "__main__":
    run()
