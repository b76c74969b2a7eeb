"""The Scala target: native work, work in Go, and what building a project takes."""

import os

from scala_build import run_scala_build
from scala_go import run_scala_go
from scala_words import run_scala_words

# Native lines are counted fast: with less text, start-up outweighs the work.
LINES_FACTOR = 2
# With more, Beam's Spark job server has been seen to hang.
MOST_GO_MEGABYTES = 100


def run_scala_target(folder, megabytes, rounds, report):
    """Runs all three; gives their text. Fails where results differ."""
    place = os.path.join(folder, "scala")
    os.makedirs(place, exist_ok=True)
    report("scala: building")
    build = run_scala_build(place, rounds, report)
    report("scala: counting lines")
    words = run_scala_words(place, LINES_FACTOR * megabytes, rounds, report)
    report("scala: functions in Go")
    go = run_scala_go(place, min(megabytes, MOST_GO_MEGABYTES), rounds, report)
    return f"{build}\n\n{words}\n\n{go}"
