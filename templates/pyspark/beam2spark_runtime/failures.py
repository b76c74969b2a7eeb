"""What went wrong, out of an exception: our own on the driver, or a worker's that Spark hands on as text."""

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
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):.*", re.DOTALL)


def describe_error(error: BaseException) -> dict[str, Any]:
    """The parts of an error: code, message, transform, hint and the user's traceback (each may be None)."""
    if isinstance(error, RuntimeFailure):
        cause = error.__cause__
        return {
            "code": error.code,
            "message": error.message,
            "transform": error.transform,
            "hint": error.hint,
            "traceback": "".join(traceback.format_exception(cause)) if cause else None,
        }
    text = str(error)
    found = _CODED.search(text)
    trace = _TRACEBACK.search(text)
    if found is None:
        return {
            "code": "runtime/job-failed",
            "message": f"{type(error).__name__}: {text.splitlines()[0] if text else ''}",
            "transform": None,
            "hint": None,
            "traceback": text if trace else "".join(traceback.format_exception(error)),
        }
    return {**found.groupdict(), "traceback": cut_java_part(trace.group(0)) if trace else None}


def cut_java_part(trace: str) -> str:
    """A Python traceback without the Java frames that follow it."""
    lines = []
    for line in trace.splitlines():
        if line.startswith(("\tat ", "Driver stacktrace:", "Caused by: org.apache.spark")):
            break
        lines.append(line)
    return "\n".join(lines).rstrip()
