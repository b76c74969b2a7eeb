"""Where a job's events go: to a file of JSON lines, or wherever a service listens."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from typing import IO, Any, Protocol


class Events(Protocol):
    """Takes a job's events, from any thread."""

    def send(self, event: Mapping[str, Any]) -> None:
        """Takes an event."""


class FileEvents:
    """Appends events to a file, a line of JSON each."""

    def __init__(self, file: IO[str]):
        self._file = file
        self._lock = threading.Lock()

    def send(self, event: Mapping[str, Any]) -> None:
        """Writes an event; it is in the file when this returns."""
        with self._lock:
            self._file.write(json.dumps(event) + "\n")
            self._file.flush()


def open_events() -> FileEvents | None:
    """The events file that `BEAM2SPARK_EVENTS` names, opened for appending, or None."""
    path = os.environ.get("BEAM2SPARK_EVENTS")
    return FileEvents(open(path, "a", encoding="utf-8")) if path else None  # noqa: SIM115
