"""What went wrong: from an exception of our own, or from the text that Spark makes of one."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import RuntimeFailure

_CODED = re.compile(
    r"error (?P<code>(?:runtime|worker)/[a-z0-9-]+)\n"
    r"(?:  at   (?P<transform>[^\n]*)\n)?"
    r"  why  (?P<message>[^\n]*)"
    r"(?:\n  hint (?P<hint>[^\n]*))?"
    r"(?P<log>(?:\n  log  [^\n]*)*)"
)
_TRACEBACK = re.compile(r"\n(Traceback \(most recent call last\):.*)", re.DOTALL)


# A worker that is gone can't say why; these are Spark's words for it.
_WORKER_DIED = re.compile(r"Python worker exited unexpectedly|Python worker .{0,40}died")
# What Spark says of bytes that its text source has read; nothing else that we emit checks them.
_INVALID_TEXT = re.compile(
    r"\[INVALID_UTF8_STRING\] Invalid UTF8 byte sequence found in string: (\S+)\. SQL"
)
# Spark's and py4j's words around a cause.
_CALLING = "An error occurred while calling"
_LOST_TASK = re.compile(r"most recent failure: Lost task \S+ in stage \S+ \(TID \d+\) \([^)]*\): ")
_CAUSED_BY = "Caused by: "
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
    if found is None and (invalid := _INVALID_TEXT.search(text)):
        return {
            "code": "runtime/file-unreadable",
            "message": f"a line of a text is not UTF-8: {invalid[1]}",
            "transform": None,
            "hint": None,
            "traceback": None,
        }
    if found is None:
        return {
            "code": "runtime/job-failed",
            "message": find_cause(error),
            "transform": None,
            "hint": None,
            "traceback": cut_java_part("".join(traceback.format_exception(error))),
        }
    trace = _TRACEBACK.match(text, found.end())
    return {
        **{part: found[part] for part in ("code", "message", "transform", "hint")},
        "traceback": cut_java_part(trace.group(1)) if trace else None,
    }


def find_cause(error: BaseException) -> str:
    """What an error comes down to, in a line: of Java's the last cause, of a Python worker's what
    it has raised.
    """
    text = str(error)
    lines = text.splitlines() or [""]
    if lines[0].startswith(_CALLING) and len(lines) > 1:
        thrown = _LOST_TASK.split(lines[1].removeprefix(": "))[-1]
        causes = [line.removeprefix(_CAUSED_BY) for line in lines if line.startswith(_CAUSED_BY)]
        if causes and causes[-1] not in thrown:
            return f"{thrown}, caused by {causes[-1]}"
        return thrown
    if "Python worker" in lines[0] and (trace := _TRACEBACK.search(text)):
        raised = ""
        for line in reversed(cut_java_part(trace.group(1)).splitlines()):
            if line.startswith(" "):
                return raised
            raised = line or raised
    return f"{type(error).__name__}: {lines[0]}"


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
