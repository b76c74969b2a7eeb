"""Reads what fixtures recorded and compares two runs as multisets."""

import ast
import json
import math
import os
from collections import Counter

TOLERANCE = 1e-9


def read_lines(folder, prefix):
    """Every JSON line of the folder's files that begin so."""
    lines = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.startswith(prefix):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                lines += [json.loads(line) for line in file]
    return lines


def read_records(folder):
    """A run's records: dicts with `label` and `value`, some with `timestamp`, `window`, `pane`."""
    return [
        {**record, "value": parse_value(record["value"])}
        for record in read_lines(folder, "records-")
    ]


def read_calls(folder):
    """How often each counted function was called."""
    return Counter(line["call"] for line in read_lines(folder, "calls-"))


def parse_value(text):
    """The value of a Python literal; the text itself where it is none (`nan`, an object)."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return Unparsed(text)


class Unparsed(str):
    """The repr of a value that is not a literal: equal only to the same text."""


def are_close(expected, actual):
    """Equality with types, floats within a relative tolerance, the sign of zero included."""
    if type(expected) is not type(actual):
        return False
    if isinstance(expected, float):
        if expected == 0 or actual == 0:
            return expected == actual and math.copysign(1, expected) == math.copysign(1, actual)
        return math.isclose(expected, actual, rel_tol=TOLERANCE)
    if isinstance(expected, list | tuple):
        return len(expected) == len(actual) and all(map(are_close, expected, actual))
    if isinstance(expected, dict):
        return list(expected) == list(actual) and all(
            are_close(value, actual[key]) for key, value in expected.items()
        )
    return expected == actual


def is_match(expected, actual):
    """Whether two records are the same element."""
    return expected.keys() == actual.keys() and all(
        are_close(expected[name], actual[name]) for name in expected
    )


def shape_key(record):
    """What two equal records share whatever their floats are: a cheap first cut."""
    return (
        repr(sorted(record.items(), key=lambda item: item[0]))
        if not has_float(record["value"])
        else (repr({**record, "value": None}))
    )


def has_float(value):
    """Whether a float is anywhere in the value."""
    if isinstance(value, dict):
        return any(has_float(part) for item in value.items() for part in item)
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(has_float, value))
    return isinstance(value, float)


# FnApiRunner leaves it open whether a later pane follows the only firing of a window (as a trigger
# may want in a stream). In batch none does, and the pane is the last one.
ONLY_FIRING_LEFT_OPEN = "True/False/1/0/0"
ONLY_FIRING = "True/True/1/0/0"


def close_only_firings(records):
    """The records of Beam's own run with the pane of an only firing as the last of its window."""
    for record in records:
        if record.get("pane") == ONLY_FIRING_LEFT_OPEN:
            yield {**record, "pane": ONLY_FIRING}
        else:
            yield record


def compare_records(expected, actual):
    """The differences of two multisets of records, as lines; none if they are equal."""
    waiting = {}
    for record in actual:
        waiting.setdefault(shape_key(record), []).append(record)
    missing = []
    for record in expected:
        candidates = waiting.get(shape_key(record), [])
        found = next((i for i, other in enumerate(candidates) if is_match(record, other)), None)
        if found is None:
            missing.append(record)
        else:
            candidates.pop(found)
    extra = [record for candidates in waiting.values() for record in candidates]
    return [f"missing {describe(record)}" for record in missing] + [
        f"extra   {describe(record)}" for record in extra
    ]


def describe(record):
    """One record on one line."""
    metadata = " ".join(
        str(record[name]) for name in ("timestamp", "window", "pane") if name in record
    )
    return f"[{record['label']}] {record['value']!r} {metadata}".rstrip()
