"""Runs a pipeline on Beam's own runner with a pool's workers: `run_on_pool.py HOST:PORT`."""

import sys

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.environments import ExternalEnvironment


def main() -> None:
    """Doubles numbers in workers of the pool, and checks what comes back."""
    runner = FnApiRunner(default_environment=ExternalEnvironment(sys.argv[1]))
    with beam.Pipeline(runner=runner) as pipeline:
        doubled = pipeline | beam.Create([1, 2, 3]) | beam.Map(lambda number: 2 * number)
        assert_that(doubled, equal_to([2, 4, 6]))
    print("done")


if __name__ == "__main__":
    main()
