"""Reads the files that sinks wrote and compares two runs: names, and records as multisets."""

import gzip
import os
import re
from collections import Counter
from dataclasses import dataclass

from written_records import split_records

SHARD = re.compile(r"^(?P<before>.*)-(?P<shard>\d{5})-of-(?P<shards>\d{5})(?P<after>.*)$")


@dataclass(frozen=True)
class Output:
    """What is known of a sink's files: their common prefix below the fixture's output folder."""

    prefix: str
    # The runner chooses how many shards there are.
    any_shards: bool = False
    header: str | None = None
    footer: str | None = None


def read_files(folder):
    """Relative path to bytes for every file below the folder; packed ones are unpacked."""
    files = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            with open(path, "rb") as file:
                data = file.read()
            files[os.path.relpath(path, folder)] = (
                gzip.decompress(data) if name.endswith(".gz") else data
            )
    return files


def check_shards(names):
    """What is wrong with a sink's shard names: every shard of one total, once."""
    found = [SHARD.match(name) for name in names]
    if not all(found):
        return [
            f"no shard name: {name}" for name, match in zip(names, found, strict=True) if not match
        ]
    totals = {int(match["shards"]) for match in found}
    shards = sorted(int(match["shard"]) for match in found)
    if len(totals) != 1 or shards != list(range(totals.pop())):
        return [f"incomplete shards: {sorted(names)}"]
    return []


def compare_output(output, expected, actual):
    """The differences of one sink's files in two runs (relative path to bytes), as lines."""
    expected = {name: data for name, data in expected.items() if name.startswith(output.prefix)}
    actual = {name: data for name, data in actual.items() if name.startswith(output.prefix)}
    problems = []
    if not expected:
        problems.append(f"{output.prefix}: the reference wrote nothing")
    if output.any_shards:
        problems += check_shards(actual)
    elif sorted(expected) != sorted(actual):
        problems.append(f"{output.prefix}: expected {sorted(expected)}, found {sorted(actual)}")
    for name, data in actual.items():
        lines = split_records(name, data)
        if output.header is not None and lines[:1] != [output.header.encode()]:
            problems.append(f"{name}: no header")
        if output.footer is not None and lines[-1:] != [output.footer.encode()]:
            problems.append(f"{name}: no footer")
    ends = Counter(text.encode() for text in (output.header, output.footer) if text is not None)
    expected_lines, actual_lines = (count_lines(files, ends) for files in (expected, actual))
    for line, count in (expected_lines - actual_lines).items():
        problems.append(f"{output.prefix}: {count} missing: {line!r}")
    for line, count in (actual_lines - expected_lines).items():
        problems.append(f"{output.prefix}: {count} extra: {line!r}")
    return problems


def count_lines(files, ends):
    """All lines of a sink's files, headers and footers left out."""
    lines = Counter()
    for name, data in files.items():
        lines.update(split_records(name, data))
        lines.subtract(ends)
    return +lines


def compare_files(outputs, expected, actual):
    """The differences of all sinks' files, and files that no sink was meant to write."""
    problems = [line for output in outputs for line in compare_output(output, expected, actual)]
    prefixes = tuple(output.prefix for output in outputs)
    for name in {**expected, **actual}:
        if not prefixes or not name.startswith(prefixes):
            problems.append(f"unexpected file {name}")
    return problems
