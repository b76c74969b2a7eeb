"""Asking a job to stop."""

from __future__ import annotations

import threading


class JobCancelled(Exception):
    """Ends a job that was asked to stop."""


class Cancellation:
    """Whether a job was asked to stop. Whoever works for the job calls `check` now and then."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def is_asked(self) -> bool:
        """Whether the job was asked to stop."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Asks the job to stop."""
        self._asked.set()

    def check(self) -> None:
        """Raises `JobCancelled` once the job was asked to stop."""
        if self._asked.is_set():
            raise JobCancelled("the job was cancelled")
