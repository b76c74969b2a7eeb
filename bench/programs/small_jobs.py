"""Small jobs one after another: each waits for a line on standard input.

The answer is its seconds from submitting it to its end.
"""

import sys
import time

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to


def run_one(options):
    """Create, Map and an assertion; gives the seconds from `run` to DONE."""
    pipeline = beam.Pipeline(options=options)
    doubled = pipeline | beam.Create([1, 2, 3]) | beam.Map(lambda number: 2 * number)
    assert_that(doubled, equal_to([2, 4, 6]))
    started = time.perf_counter()
    result = pipeline.run()
    state = result.wait_until_finish()
    seconds = time.perf_counter() - started
    if state != "DONE":
        raise RuntimeError(f"the job ended as {state}")
    return seconds


if __name__ == "__main__":
    arguments = PipelineOptions(sys.argv[1:])
    for _ in sys.stdin:
        print(f"{run_one(arguments):.3f}", flush=True)
