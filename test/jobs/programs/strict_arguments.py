"""Takes no options but its own."""

import argparse

import apache_beam as beam

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--input")
    parser.parse_args()
    with beam.Pipeline() as pipeline:
        _ = pipeline | beam.Create([1])
