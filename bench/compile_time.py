"""How long the compiler takes as a whole process and how much memory, for small and large ones."""

import os
import shutil
import statistics

from commands import BENCH, COMMAND_LINE, FIXTURES, capture_program
from measure import measure
from synthetic_pipeline import make_pipeline, read_pipeline, write_pipeline
from table import format_table

GOALS = {"compile": 1.5, "explain": 0.7}
LARGE = (10_000, 20_000)
LARGE_SECONDS, LARGE_BYTES, LARGE_RATIO = 6.0, 2**30, 2.2


def time_compile(pipeline, folder):
    """One compilation into an empty folder."""
    target = os.path.join(folder, "project")
    shutil.rmtree(target, ignore_errors=True)
    return measure([*COMMAND_LINE, "compile", pipeline, "-o", target], memory=True)


def time_explain(pipeline, _):
    """One explanation as text."""
    return measure([*COMMAND_LINE, "explain", pipeline], memory=True)


def take_median(run, pipeline, folder, rounds):
    """The median time and the highest memory of several runs."""
    runs = [run(pipeline, folder) for _ in range(rounds)]
    return statistics.median(r.seconds for r in runs), max(r.peak_of("node") for r in runs)


def judge(holds):
    """A goal's verdict."""
    return "reached" if holds else "missed"


def run_compile_time(folder, rounds):
    """Runs the benchmark; gives its text."""
    place = os.path.join(folder, "compile")
    os.makedirs(place, exist_ok=True)
    small = os.path.join(FIXTURES, "word-count", "pipeline.pb")
    rows, verdicts = [], []
    for name, run in (("compile", time_compile), ("explain", time_explain)):
        seconds, peak = take_median(run, small, place, 2 * rounds + 1)
        rows.append([f"{name} word count", f"{seconds:.2f}", f"{peak / 2**20:.0f}"])
        verdicts.append(f"{name} under {GOALS[name]} s: {judge(seconds < GOALS[name])}")
    program = os.path.join(BENCH, "programs", "one_segment.py")
    source = read_pipeline(capture_program(program, os.path.join(place, "segment")))
    figures = []
    for count in LARGE:
        path = os.path.join(place, f"{count}.pb")
        made = write_pipeline(make_pipeline(source, count), path)
        for name, run in (("compile", time_compile), ("explain", time_explain)):
            seconds, peak = take_median(run, path, place, rounds)
            rows.append([f"{name} {made} transforms", f"{seconds:.2f}", f"{peak / 2**20:.0f}"])
            if name == "compile":
                figures.append((seconds, peak))
    (once, memory), (twice, _) = figures
    verdicts += [
        f"10,000 transforms under {LARGE_SECONDS:.0f} s: {judge(once < LARGE_SECONDS)}",
        f"10,000 transforms under 1 GiB: {judge(memory < LARGE_BYTES)}",
        f"twice the transforms at most {LARGE_RATIO} times the time: "
        f"{twice / once:.2f}, {judge(twice / once <= LARGE_RATIO)}",
    ]
    return "\n".join(
        [
            f"Compile time, whole processes, medians of {2 * rounds + 1} and {rounds} runs",
            "",
            format_table(["", "seconds", "peak MiB"], rows),
            "",
            *verdicts,
        ]
    )
