"""Word count over skewed text: Spark by hand, beam2spark with and without type hints, Beam."""

import glob
import hashlib
import os
import shutil
import statistics
from dataclasses import dataclass, field

from commands import (
    ENVIRONMENT,
    FIXTURES,
    capture_program,
    run_on_beam,
    run_pipeline,
    submit_program,
)
from measure import measure
from table import format_table
from text import find_text

BEAM_MEGABYTES = 10
GOAL = 1.3
# Paired ratios that differ by more than this are noise.
MOST_SPREAD = 1.3


@dataclass
class Contender:
    """One way to count words. `make_command` takes an input file and an output path's beginning."""

    name: str
    make_command: object
    # Each whole run has its start-up beside it, timed just before: machines change speed.
    start_ups: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def works(self):
        """Every run without its start-up."""
        return [whole - start for whole, start in zip(self.seconds, self.start_ups, strict=True)]

    @property
    def median(self):
        """The median of the whole runs."""
        return statistics.median(self.seconds)

    @property
    def work(self):
        """The median without start-up."""
        return statistics.median(self.works)


def program_of(fixture):
    """The Beam program of a fixture."""
    return os.path.join(FIXTURES, fixture, "pipeline.py")


def make_beam_command(program, folder, target="pyspark"):
    """How a word count runs with beam2spark: captured once, compiled for each run."""
    captured = {}

    def make_command(source, output):
        place = os.path.join(folder, os.path.basename(source))
        if source not in captured:
            options = ("--input", source, "--output", output)
            captured[source] = capture_program(program, place, *options)
        return run_pipeline(captured[source], os.path.join(place, "temp"), target=target)

    return make_command


def list_contenders(folder):
    """All that run on Spark; the first is what the others are compared with."""

    def by_hand(program):
        return lambda source, target: submit_program(program, source, target)

    def with_beam2spark(fixture):
        return make_beam_command(program_of(fixture), os.path.join(folder, fixture))

    return [
        Contender("mapInArrow by hand", by_hand("spark_map_in_arrow")),
        Contender("beam2spark, with type hints", with_beam2spark("word-count")),
        Contender("beam2spark, without", with_beam2spark("word-count-untyped")),
        Contender("mapInArrow, counting in Python", by_hand("spark_map_in_arrow_counted")),
        Contender("RDD by hand", by_hand("spark_rdd")),
        Contender("DataFrame by hand", by_hand("spark_dataframe")),
    ]


def digest_output(target):
    """A hash of the lines of all files that a run wrote, in any order."""
    paths = [path for path in glob.glob(f"{target}*") if os.path.isfile(path)]
    paths += glob.glob(os.path.join(target, "part-*"))
    lines = []
    for path in paths:
        with open(path, "rb") as file:
            lines += file.read().splitlines()
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest(), len(lines)


def run_once(contender, source, folder):
    """One run, measured; its output's digest beside it."""
    outputs = os.path.join(folder, "outputs")
    shutil.rmtree(outputs, ignore_errors=True)
    os.makedirs(outputs)
    target = os.path.join(outputs, "counts")
    command = contender.make_command(source, target)
    seconds = measure(command, ENVIRONMENT, folder).seconds
    return seconds, digest_output(target)


def write_line(folder):
    """An input of a single line: a run over it is everything but the work."""
    path = os.path.join(folder, "one-line.txt")
    with open(path, "w", encoding="utf-8") as file:
        file.write("one line\n")
    return path


def run_rounds(contenders, source, folder, rounds, report):
    """Runs all of them in turn, so many times over; refuses results that differ."""
    line, expected = write_line(folder), None
    for number in range(1, rounds + 1):
        for contender in contenders:
            start_up, _ = run_once(contender, line, folder)
            seconds, digest = run_once(contender, source, folder)
            expected = expected or digest
            if digest != expected:
                raise AssertionError(
                    f"{contender.name} counted otherwise: {digest}, not {expected}"
                )
            contender.start_ups.append(start_up)
            contender.seconds.append(seconds)
            report(f"round {number}: {contender.name} {seconds:.1f} s, start-up {start_up:.1f} s")


def measure_beam(folder, megabytes):
    """Word count with type hints on Beam's FnApiRunner over a slice; gives megabytes a second."""
    slice_size = min(BEAM_MEGABYTES, megabytes)

    def run(source):
        target = os.path.join(folder, "beam-counts")
        options = ("--input", source, "--output", target)
        return measure(run_on_beam(program_of("word-count"), *options), {}, folder).seconds

    small, large = run(find_text(folder, 1)), run(find_text(folder, slice_size + 1))
    return slice_size, large - small


def pair_ratios(base, other, of):
    """The ratios of runs that were neighbours."""
    return [theirs / ours for ours, theirs in zip(of(base), of(other), strict=True)]


def describe_pairs(base, other):
    """The ratios of neighbouring runs, and of the medians."""
    pairs = pair_ratios(base, other, lambda contender: contender.seconds)
    shown = ", ".join(f"{ratio:.2f}" for ratio in pairs)
    return (
        f"{other.name} / {base.name}\n"
        f"  whole runs, paired: {shown}; ratio of medians {other.median / base.median:.2f}\n"
        f"  start-up apart: {other.work / base.work:.2f}"
    )


def judge_goal(base, typed, goal=GOAL):
    """Whether the goal is reached; no verdict on figures that noise could have made."""
    if min(base.works + typed.works) <= 0:
        return "not judged: a start-up took longer than a whole run, so the machine was busy"
    if min(base.works) < min(base.start_ups):
        return "not judged: too little text, start-up outweighs the work"
    if len(base.works) < 3:
        return "not judged: that takes three rounds"
    ratios = pair_ratios(base, typed, lambda contender: contender.works)
    if max(ratios) <= goal:
        return "reached in every round"
    if min(ratios) > goal:
        return "missed in every round"
    if max(ratios) > MOST_SPREAD * min(ratios):
        spread = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        return f"not judged: the rounds disagree ({spread}), so the machine was busy"
    return "reached" if typed.work / base.work <= goal else "missed"


def run_word_count(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text. Fails where results differ."""
    source = find_text(folder, megabytes)
    contenders = list_contenders(folder)
    run_rounds(contenders, source, folder, rounds, report)
    base, typed, untyped, counted = contenders[:4]
    rows = [
        [
            contender.name,
            f"{contender.median:.1f}",
            f"{statistics.median(contender.start_ups):.1f}",
            f"{contender.work:.1f}",
            f"{megabytes / contender.work:.1f}",
            f"{contender.median / base.median:.2f}",
            f"{contender.work / base.work:.2f}",
        ]
        for contender in contenders
    ]
    slice_size, seconds = measure_beam(folder, megabytes)
    scaled = seconds * megabytes / slice_size
    rows.append(
        [
            "Beam's FnApiRunner (scaled)",
            "",
            "",
            f"{scaled:.0f}",
            f"{slice_size / seconds:.1f}",
            "",
            f"{scaled / base.work:.1f}",
        ]
    )
    header = ["", "whole s", "start-up s", "work s", "MB/s", "whole ratio", "work ratio"]
    return "\n".join(
        [
            f"Word count, {megabytes} MB of skewed text, local[2], medians of {rounds} runs",
            "beam2spark: compile included, Beam's read and sink, counters on",
            f"FnApiRunner: measured on {slice_size} MB more than 1 MB, and scaled",
            "",
            format_table(header, rows),
            "",
            describe_pairs(base, typed),
            describe_pairs(base, untyped),
            "the next is harder to beat: it folds its counts in the worker, as beam2spark does",
            describe_pairs(counted, typed),
            f"goal: with type hints at most {GOAL} times mapInArrow by hand, start-up apart: "
            f"{judge_goal(base, typed)}",
        ]
    )
