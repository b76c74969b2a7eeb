"""What the user's functions log in a worker: kept for the task's report, and written to the log.

As in Beam's own worker, the pipeline options `default_sdk_harness_log_level` and
`sdk_harness_log_level_overrides` say what is logged; INFO and up where they don't.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping
from typing import Any

from apache_beam.runners.worker import statesampler

from .errors import make_sendable
from .task_reports import Message

# So much goes from a task to the driver. All of it is in the worker's own log.
_MOST_MESSAGES = 200
_LONGEST_MESSAGE = 4_000
_MOST_CHARACTERS = 200_000

_IMPORTANCES = (
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "basic"),
    (logging.DEBUG, "detailed"),
)


class TaskLog(logging.Handler):
    """Keeps what is logged until it is taken, up to a limit, and counts what is over it."""

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[Message] = []
        self._characters = 0
        self._left_out = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a record. Called with the handler's lock held."""
        if self._is_full:
            self._left_out += 1
            return
        try:
            text = self.format(record)
        except Exception:
            text = f"{record.msg!r} (its arguments don't fit: {record.args!r})"
        self._keep(find_importance(record.levelno), text, find_transform())

    def keep(self, importance: str, text: str, transform: str | None) -> None:
        """Keeps what was logged elsewhere, by its importance as Beam's job service has it.

        It goes to standard error, too, which is the log of the worker that runs this task.
        """
        sys.stderr.write(f"{transform}: {text}\n" if transform else f"{text}\n")
        with self.lock or threading.Lock():
            if self._is_full:
                self._left_out += 1
            else:
                self._keep(importance, text, transform)

    @property
    def _is_full(self) -> bool:
        return len(self._messages) >= _MOST_MESSAGES or self._characters >= _MOST_CHARACTERS

    def _keep(self, importance: str, text: str, transform: str | None) -> None:
        text = make_sendable(f"{transform}: {text}" if transform else text, _LONGEST_MESSAGE)
        self._messages.append({"importance": importance, "text": text})
        self._characters += len(text)

    def take(self) -> list[Message]:
        """What was kept since the last time, and how much was left out."""
        with self.lock or threading.Lock():
            messages, left_out = self._messages, self._left_out
            self._messages, self._characters, self._left_out = [], 0, 0
        if left_out:
            text = f"{left_out} more messages of this task are only in the log of its worker"
            messages.append({"importance": "warning", "text": text})
        return messages


def find_importance(level: int) -> str:
    """What Beam's job service calls the importance of a record of this level."""
    return next((name for least, name in _IMPORTANCES if level >= least), "debug")


def find_transform() -> str | None:
    """The full name of the transform that this thread works for, as Beam's sampler knows it."""
    tracker = statesampler.get_current_tracker()
    state = tracker.current_state() if tracker else None
    context = state.name_context if state else None
    return getattr(context, "step_name", None)


task_log = TaskLog()

# The levels that the loggers had which the last job's options name.
_levels_before: dict[str, int] = {}


def start_logging(options: Mapping[str, Any]) -> None:
    """Sends what is logged in this process to `task_log` and to standard error.

    `options` are the pipeline's, by their plain names. What those of the job before have set is
    taken back.
    """
    root = logging.getLogger()
    if task_log not in root.handlers:
        root.addHandler(task_log)
        if len(root.handlers) == 1:
            root.addHandler(logging.StreamHandler())
    root.setLevel(read_level(options.get("default_sdk_harness_log_level")))
    for name, level in _levels_before.items():
        logging.getLogger(name).setLevel(level)
    _levels_before.clear()
    overrides = options.get("sdk_harness_log_level_overrides")
    if isinstance(overrides, Mapping):
        for name, level in overrides.items():
            logger = logging.getLogger(name)
            _levels_before[name] = logger.level
            logger.setLevel(read_level(level))


def read_level(level: Any) -> int:
    """A level by its name or number; INFO where it is neither."""
    text = str(level).strip().upper()
    if text.isdecimal():
        return int(text)
    return logging.getLevelNamesMapping().get(text, logging.INFO)
