"""Random look-ups in a multimap side input that is far larger than what a worker may hold."""

import argparse
import random
import time

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

VALUE_BYTES = 100
VALUES_PER_SEED = 10_000
LOOKUPS_PER_ELEMENT = 1_000


def make_value(key: int) -> bytes:
    """The only value of a key: no two are alike."""
    return key.to_bytes(4, "big") * (VALUE_BYTES // 4)


def make_values(seed: int):
    """Neighbouring keys with their values."""
    for key in range(seed * VALUES_PER_SEED, (seed + 1) * VALUES_PER_SEED):
        yield key, make_value(key)


class LookUp(beam.DoFn):
    """Looks random keys up and says how many nanoseconds each of them took."""

    def __init__(self, keys):
        self.keys = keys

    def process(self, seed, side):
        source = random.Random(seed)
        times = []
        for _ in range(LOOKUPS_PER_ELEMENT):
            key = source.randrange(self.keys)
            started = time.perf_counter_ns()
            values = list(side[key])
            times.append(time.perf_counter_ns() - started)
            if values != [make_value(key)]:
                raise ValueError(f"{key} has {values!r}")
        if list(side[self.keys + seed]):
            raise ValueError("a key that was never written has values")
        yield times


def summarise(lists):
    """How many look-ups there were, and their median, 99th percentile and highest time."""
    times = sorted(time for part in lists for time in part)
    return f"{len(times)} {times[len(times) // 2]} {times[len(times) * 99 // 100]} {times[-1]}"


def run(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--lookups", type=int, default=100_000)
    parser.add_argument("--output", required=True)
    arguments, rest = parser.parse_known_args(argv)
    seeds = -(-arguments.mebibytes * 2**20 // (VALUE_BYTES * VALUES_PER_SEED))
    with beam.Pipeline(options=PipelineOptions(rest)) as pipeline:
        side = (
            pipeline
            | "Seeds" >> beam.Create(list(range(seeds)))
            | "SpreadSeeds" >> beam.Reshuffle()
            | "Values" >> beam.FlatMap(make_values).with_output_types(tuple[int, bytes])
        )
        (
            pipeline
            | "Elements" >> beam.Create(list(range(arguments.lookups // LOOKUPS_PER_ELEMENT)))
            | "SpreadElements" >> beam.Reshuffle()
            | "LookUp" >> beam.ParDo(LookUp(seeds * VALUES_PER_SEED), beam.pvalue.AsMultiMap(side))
            | "All" >> beam.combiners.ToList()
            | "Summarise" >> beam.Map(summarise)
            | "Write" >> beam.io.WriteToText(arguments.output, num_shards=1)
        )


if __name__ == "__main__":
    run()
