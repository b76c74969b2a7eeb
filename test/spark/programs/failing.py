"""A Beam program whose user function fails on one element."""

import sys

import apache_beam as beam


def divide(number):
    return 10 // number


if __name__ == "__main__":
    with beam.Pipeline(argv=sys.argv[1:]) as pipeline:
        pipeline | beam.Create([2, 1, 0]) | "Divide" >> beam.Map(divide)
