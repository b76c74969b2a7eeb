"""What a job can fail with: a code, where, why, and what to do about it."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Mapping, Sequence

# So many characters of an error go to the driver; a user's message may hold a whole element.
_LONGEST_MESSAGE = 4_000
_LONGEST_TRACE = 40_000


class RuntimeFailure(Exception):
    """A failure with a code that a person can look up.

    `code` is like `runtime/group-too-large`, `message` says why, `transform` is the Beam
    transform's full name where one is known, `hint` is what to do about it, `trace` a user's
    traceback, and `log` what the user's functions logged until then. The text of the exception
    holds all of it on lines of a fixed shape, because Spark hands only the text from a worker to
    the driver.
    """

    # Beam's DoFn runner raises an exception that says so unchanged, instead of remaking it.
    _tagged_with_step = True

    def __init__(
        self,
        code: str,
        message: str,
        transform: str | None = None,
        hint: str | None = None,
        trace: str | None = None,
        log: Sequence[Mapping[str, str]] = (),
    ):
        self.code = code
        self.message = make_sendable(" ".join(message.split()), _LONGEST_MESSAGE)
        self.transform = transform
        self.hint = hint
        self.trace = None if trace is None else make_sendable(trace, _LONGEST_TRACE)
        self.log = log
        lines = [f"error {code}"]
        if transform:
            lines.append(f"  at   {transform}")
        lines.append(f"  why  {self.message}")
        if hint:
            lines.append(f"  hint {hint}")
        lines += [f"  log  {json.dumps(message)}" for message in log]
        if self.trace:
            lines.append(self.trace.rstrip())
        super().__init__("\n".join(lines))

    def __reduce__(self):
        parts = (self.code, self.message, self.transform, self.hint, self.trace, self.log)
        return RuntimeFailure, parts

    def with_log(self, log: Sequence[Mapping[str, str]]) -> RuntimeFailure:
        """The same failure with what was logged until then."""
        return RuntimeFailure(
            self.code, self.message, self.transform, self.hint, self.trace, list(log)
        )


def make_sendable(text: str, limit: int) -> str:
    """A text that can be encoded, with its middle left out where it is longer than the limit.

    A worker that can't encode its error leaves Spark waiting for it, and lone surrogates can't be.
    """
    if len(text) > limit:
        text = f"{text[: limit // 2]} … {text[-limit // 2 :]}"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class ValueNotEncodable(Exception):
    """A value that its column's coder refuses. The sink that catches it knows the transform."""


class BundleAborted(BaseException):
    """Ends a bundle whose reader has gone. Not an `Exception`: no user function swallows it."""

    _tagged_with_step = True


_RUNNING = re.compile(r"\s*\[while running '(.*?)'\]", re.DOTALL)
# Beam's tests of its runners lie among the runners, with functions that stand for a user's.
_MACHINERY = re.compile(
    r"(?:^|[/\\])(beam2spark_runtime|apache_beam[/\\]runners)[/\\](?!.*_test\.py$)"
)


def fail_user_function(error: Exception, transform: str | None = None) -> RuntimeFailure:
    """The failure of a user's function. Beam writes the transform into what it raises."""
    text = str(error)
    found = _RUNNING.search(text)
    if found is not None:
        transform = found.group(1)
        text = _RUNNING.sub("", text)
    message = f"{type(error).__name__}: {text}"
    trace = format_user_frames(error)
    return RuntimeFailure("runtime/user-function-failed", message, transform=transform, trace=trace)


def format_user_frames(error: Exception) -> str:
    """An error's traceback from where Beam or this runtime called the user's function."""
    described = traceback.TracebackException.from_exception(error)
    frames = list(described.stack)
    for position in reversed(range(len(frames) - 1)):
        if _MACHINERY.search(frames[position].filename):
            described.stack = traceback.StackSummary.from_list(frames[position + 1 :])
            break
    return "".join(described.format())
