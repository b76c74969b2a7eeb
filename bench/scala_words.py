"""Counting lines, all of it native: beam2spark's Scala target against Scala by hand."""

import os
import statistics

from commands import BENCH, submit_jar
from scala_programs import compile_program
from table import format_table
from text import find_text
from word_count import Contender, describe_pairs, judge_goal, make_beam_command, run_rounds

GOAL = 1.15


def list_contenders(folder):
    """Both; the first is what the other is compared with."""
    jar = compile_program("CountLines", folder)
    program = os.path.join(BENCH, "programs", "count_lines.py")
    with_beam2spark = make_beam_command(program, os.path.join(folder, "count-lines"), "scala")
    return [
        Contender("Scala by hand", lambda *files: submit_jar(jar, "CountLines", *files)),
        Contender("beam2spark --target scala", with_beam2spark),
    ]


def describe_contender(contender, base, megabytes):
    """A row of the table."""
    return [
        contender.name,
        f"{contender.median:.1f}",
        f"{statistics.median(contender.start_ups):.1f}",
        f"{contender.work:.1f}",
        f"{megabytes / contender.work:.1f}" if contender.work > 0 else "",
        f"{contender.median / base.median:.2f}",
        f"{contender.work / base.work:.2f}" if base.work > 0 else "",
    ]


def run_scala_words(folder, megabytes, rounds, report):
    """Runs the benchmark; gives its text. Fails where results differ."""
    source = find_text(os.path.dirname(folder), megabytes, words_per_line=1)
    base, ours = contenders = list_contenders(folder)
    run_rounds(contenders, source, folder, rounds, report)
    header = ["", "whole s", "start-up s", "work s", "MB/s", "whole ratio", "work ratio"]
    return "\n".join(
        [
            f"Counting lines, {megabytes} MB of one word each, local[2], medians of {rounds} runs",
            "ReadFromText, Count.PerElement, Map, WriteToText of Beam's Python SDK; compile and "
            "build included",
            "",
            format_table(header, [describe_contender(one, base, megabytes) for one in contenders]),
            "",
            describe_pairs(base, ours),
            f"goal: at most {GOAL} times Scala by hand, start-up apart: "
            f"{judge_goal(base, ours, GOAL)}",
        ]
    )
