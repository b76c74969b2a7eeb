"""What a job can fail with: a code, where, why, and what to do about it."""

from __future__ import annotations

import re


class RuntimeFailure(Exception):
    """A failure with a code that a person can look up.

    `code` is like `runtime/group-too-large`, `message` says why, `transform` is the Beam transform's
    full name where one is known, and `hint` is what to do about it. The text of the exception holds all
    of it on lines of a fixed shape, because Spark hands only the text from a worker to the driver.
    """

    # Beam's DoFn runner raises an exception that says so unchanged, instead of remaking it.
    _tagged_with_step = True

    def __init__(
        self, code: str, message: str, transform: str | None = None, hint: str | None = None
    ):
        self.code = code
        self.message = message
        self.transform = transform
        self.hint = hint
        lines = [f"error {code}"]
        if transform:
            lines.append(f"  at   {transform}")
        lines.append(f"  why  {message}")
        if hint:
            lines.append(f"  hint {hint}")
        super().__init__("\n".join(lines))

    def __reduce__(self):
        return RuntimeFailure, (self.code, self.message, self.transform, self.hint)


class ValueNotEncodable(Exception):
    """A value that the coder of its column refuses. The sink that catches it knows the transform."""


class BundleAborted(BaseException):
    """Ends a bundle whose reader has gone. Not an `Exception`, so that no user function swallows it."""

    _tagged_with_step = True


_RUNNING = re.compile(r"\s*\[while running '(.*?)'\]", re.DOTALL)


def fail_user_function(error: Exception, transform: str | None = None) -> RuntimeFailure:
    """The failure of a user's function. Beam writes the transform into the text of what it raises."""
    text = str(error)
    found = _RUNNING.search(text)
    if found is not None:
        transform = found.group(1)
        text = _RUNNING.sub("", text)
    message = " ".join(f"{type(error).__name__}: {text}".split())
    return RuntimeFailure("runtime/user-function-failed", message, transform=transform)
