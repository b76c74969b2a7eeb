"""What went wrong: from an exception of our own, or from the text that Spark makes of one."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import RuntimeFailure

_CODED = re.compile(
    r"error (?P<code>runtime/[a-z0-9-]+)\n"
    r"(?:  at   (?P<transform>[^\n]*)\n)?"
    r"  why  (?P<message>[^\n]*)"
    r"(?:\n  hint (?P<hint>[^\n]*))?"
    r"(?P<log>(?:\n  log  [^\n]*)*)"
)
_TRACEBACK = re.compile(r"\n(Traceback \(most recent call last\):.*)", re.DOTALL)


# A worker that is gone can't say why; these are Spark's words for it.
_WORKER_DIED = re.compile(r"Python worker exited unexpectedly|Python worker .{0,40}died")
_FATAL = re.compile(r"Fatal Python error: [^\n]*")

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
    if found is None and _WORKER_DIED.search(text):
        return _describe_dead_worker(text)
    if found is None:
        return {
            "code": "runtime/job-failed",
            "message": f"{type(error).__name__}: {text.splitlines()[0] if text else ''}",
            "transform": None,
            "hint": None,
            "traceback": cut_java_part("".join(traceback.format_exception(error))),
        }
    trace = _TRACEBACK.match(text, found.end())
    return {
        **{part: found[part] for part in ("code", "message", "transform", "hint")},
        "traceback": cut_java_part(trace.group(1)) if trace else None,
    }


def find_log(error: BaseException) -> Sequence[Mapping[str, str]]:
    """What the user's functions logged in the task that failed, before it did."""
    if isinstance(error, RuntimeFailure):
        return error.log
    found = _CODED.search(str(error))
    lines = found["log"].splitlines() if found else []
    return [json.loads(line.removeprefix("  log  ")) for line in lines if line]


def _describe_dead_worker(text: str) -> dict[str, Any]:
    fatal = _FATAL.search(text)
    return {
        "code": "runtime/worker-died",
        "message": "a Python worker process ended in the midst of a task"
        + (f": {fatal.group()}" if fatal else ""),
        "transform": None,
        "hint": "a function ended the process (os._exit, a crash of native code), or the system "
        "killed it, for its memory mostly: the worker's log and the system's say which",
        "traceback": None,
    }


def cut_java_part(trace: str) -> str:
    """A Python traceback without the Java frames that follow it."""
    lines = []
    for line in trace.splitlines():
        if line.lstrip().startswith(_JAVA_STARTS):
            break
        lines.append(line)
    return "\n".join(lines).rstrip()
