"""What went wrong: from an exception of our own, or from the text that Spark makes of one."""

from __future__ import annotations

import re
import traceback
from typing import Any

from .errors import RuntimeFailure

_CODED = re.compile(
    r"error (?P<code>runtime/[a-z0-9-]+)\n"
    r"(?:  at   (?P<transform>[^\n]*)\n)?"
    r"  why  (?P<message>[^\n]*)"
    r"(?:\n  hint (?P<hint>[^\n]*))?"
)
_TRACEBACK = re.compile(r"\n(Traceback \(most recent call last\):.*)", re.DOTALL)


_JAVA_STARTS = ("at org.apache.", "at java.", "at scala.", "SQLSTATE:", "Driver stacktrace:")


def describe_error(error: BaseException) -> dict[str, Any]:
    """The parts of an error: code, message, transform, hint and the user's traceback (each may be
    None).
    """
    if isinstance(error, RuntimeFailure):
        return {
            "code": error.code,
            "message": error.message,
            "transform": error.transform,
            "hint": error.hint,
            "traceback": error.trace,
        }
    text = str(error)
    found = _CODED.search(text)
    if found is None:
        return {
            "code": "runtime/job-failed",
            "message": f"{type(error).__name__}: {text.splitlines()[0] if text else ''}",
            "transform": None,
            "hint": None,
            "traceback": cut_java_part("".join(traceback.format_exception(error))),
        }
    trace = _TRACEBACK.match(text, found.end())
    return {**found.groupdict(), "traceback": cut_java_part(trace.group(1)) if trace else None}


def cut_java_part(trace: str) -> str:
    """A Python traceback without the Java frames that follow it."""
    lines = []
    for line in trace.splitlines():
        if line.lstrip().startswith(_JAVA_STARTS):
            break
        lines.append(line)
    return "\n".join(lines).rstrip()
