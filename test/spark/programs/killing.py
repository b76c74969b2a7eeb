"""A Beam program whose function kills its worker first, then the host of its worker, then neither.

Arguments: a folder that counts the attempts, and one for the results, a file for each key.
"""

import os
import signal
import sys

import apache_beam as beam

ATTEMPTS, RESULTS = sys.argv[1:3]


def kill_or_pass(number):
    if number == 500:
        attempt = len(os.listdir(ATTEMPTS))
        open(os.path.join(ATTEMPTS, str(attempt)), "x").close()
        if attempt < 2:
            os.kill([os.getpid(), os.getppid()][attempt], signal.SIGKILL)
    return number % 7, number


def write(key, numbers):
    with open(os.path.join(RESULTS, str(key)), "x") as file:
        file.write(str(sorted(numbers)))


if __name__ == "__main__":
    with beam.Pipeline(argv=sys.argv[3:]) as pipeline:
        (
            pipeline
            | beam.Create(range(1000))
            | beam.Reshuffle()
            | "Kill" >> beam.Map(kill_or_pass)
            | beam.GroupByKey()
            | beam.MapTuple(write)
        )
