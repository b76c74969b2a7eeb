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


@dataclass
class Contender:
    """One way to count words. `make_command` takes an input file and an output path's beginning."""

    name: str
    make_command: object
    start_up: float = 0.0
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self):
        """The median of the whole runs."""
        return statistics.median(self.seconds)

    @property
    def work(self):
        """The median without start-up."""
        return self.median - self.start_up


def program_of(fixture):
    """The Beam program of a fixture."""
    return os.path.join(FIXTURES, fixture, "pipeline.py")


def make_beam_command(fixture, folder):
    """How a fixture's word count runs with beam2spark: captured beforehand, compiled and run."""

    def make_command(source, target):
        place = os.path.join(folder, fixture)
        options = ("--input", source, "--output", target)
        return run_pipeline(
            capture_program(program_of(fixture), place, *options), os.path.join(place, "temp")
        )

    return make_command


def list_contenders(folder):
    """All that run on Spark; the first is what the others are compared with."""

    def by_hand(program):
        return lambda source, target: submit_program(program, source, target)

    return [
        Contender("mapInArrow by hand", by_hand("spark_map_in_arrow")),
        Contender("beam2spark, with type hints", make_beam_command("word-count", folder)),
        Contender("beam2spark, without", make_beam_command("word-count-untyped", folder)),
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


def run_rounds(contenders, source, folder, rounds, report):
    """Runs all of them in turn, so many times over; refuses results that differ."""
    expected = None
    for number in range(1, rounds + 1):
        for contender in contenders:
            seconds, digest = run_once(contender, source, folder)
            expected = expected or digest
            if digest != expected:
                raise AssertionError(
                    f"{contender.name} counted otherwise: {digest}, not {expected}"
                )
            contender.seconds.append(seconds)
            report(f"round {number}: {contender.name} {seconds:.1f} s")


def measure_start_up(contenders, folder, rounds):
    """Times each of them over a single line: everything but the work."""
    line = os.path.join(folder, "one-line.txt")
    with open(line, "w", encoding="utf-8") as file:
        file.write("one line\n")
    for contender in contenders:
        runs = [run_once(contender, line, folder)[0] for _ in range(rounds)]
        contender.start_up = statistics.median(runs)


def measure_beam(folder, megabytes):
    """Word count with type hints on Beam's FnApiRunner over a slice; gives megabytes a second."""
    slice_size = min(BEAM_MEGABYTES, megabytes)

    def run(source):
        target = os.path.join(folder, "beam-counts")
        options = ("--input", source, "--output", target)
        return measure(run_on_beam(program_of("word-count"), *options), {}, folder).seconds

    small, large = run(find_text(folder, 1)), run(find_text(folder, slice_size + 1))
    return slice_size, large - small


def describe_pairs(base, other):
    """The ratios of neighbouring runs, and of the medians."""
    pairs = [theirs / ours for ours, theirs in zip(base.seconds, other.seconds, strict=True)]
    shown = ", ".join(f"{ratio:.2f}" for ratio in pairs)
    return (
        f"{other.name} / {base.name}\n"
        f"  whole runs, paired: {shown}; ratio of medians {other.median / base.median:.2f}\n"
        f"  start-up apart: {other.work / base.work:.2f}"
    )


def run_word_count(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text. Fails where results differ."""
    source = find_text(folder, megabytes)
    contenders = list_contenders(folder)
    measure_start_up(contenders, folder, rounds)
    run_rounds(contenders, source, folder, rounds, report)
    base, typed, untyped = contenders[:3]
    rows = [
        [
            contender.name,
            f"{contender.median:.1f}",
            f"{contender.start_up:.1f}",
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
    verdict = "reached" if typed.work / base.work <= GOAL else "missed"
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
            f"goal: with type hints at most {GOAL} times mapInArrow by hand: {verdict}",
        ]
    )
