"""A Beam program whose function brings its own task down, each time in another way, then no more.

Arguments: the ways in their order, with commas between; a folder for a file per attempt, with the
command line of what that has hit; and one for the results, a file for each key.
"""

import os
import signal
import sys
import time

import apache_beam as beam

WAYS, ATTEMPTS, RESULTS = sys.argv[1:4]


def find_above(program):
    """The closest process above this one that has a program in its command line."""
    process = os.getpid()
    while process > 1:
        with open(f"/proc/{process}/stat", encoding="utf-8") as file:
            process = int(file.read().rpartition(")")[2].split()[1])
        if program in read_command(process):
            return process
    raise AssertionError(f"no process above this worker runs {program}")


def read_command(process):
    """A process's command line."""
    with open(f"/proc/{process}/cmdline", encoding="utf-8") as file:
        return file.read().replace("\0", " ")


# What gets which signal.
FAULTS = {
    "worker": (os.getpid, signal.SIGKILL),
    "stopped-worker": (os.getpid, signal.SIGSTOP),
    "forker": (lambda: find_above("worker_forker.py"), signal.SIGKILL),
    "host": (lambda: find_above("beam2spark_host/index.mjs"), signal.SIGKILL),
}


def fail_or_pass(number):
    if number == 500:
        ways = WAYS.split(",")
        attempt = len(os.listdir(ATTEMPTS))
        find, sent = FAULTS[ways[attempt]] if attempt < len(ways) else (os.getpid, None)
        target = find()
        with open(os.path.join(ATTEMPTS, str(attempt)), "x", encoding="utf-8") as file:
            file.write(read_command(target))
        if sent is not None:
            os.kill(target, sent)
            # Whatever was hit, nothing is to be left of this worker.
            time.sleep(60)
    return number % 7, number


def write(key, numbers):
    with open(os.path.join(RESULTS, str(key)), "x") as file:
        file.write(str(sorted(numbers)))


if __name__ == "__main__":
    with beam.Pipeline(argv=sys.argv[4:]) as pipeline:
        (
            pipeline
            | beam.Create(range(1000))
            | beam.Reshuffle()
            | "Fail" >> beam.Map(fail_or_pass)
            | beam.GroupByKey()
            | beam.MapTuple(write)
        )
