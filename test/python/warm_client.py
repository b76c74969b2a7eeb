"""The service's end of a warm driver: starts a real one, sends commands, collects events."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_SETTINGS = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
}


class WarmClient:
    """A warm driver's process. `events` holds what it has sent so far."""

    def __init__(self, log: Path, environment: Mapping[str, str] | None = None, **settings: str):
        own, theirs = socket.socketpair()
        words = [f"--conf {name}={value}" for name, value in {**_SETTINGS, **settings}.items()]
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "beam2spark_runtime.warm_driver"],
                env={
                    **os.environ,
                    **(environment or {}),
                    "PYSPARK_SUBMIT_ARGS": f"{' '.join(words)} pyspark-shell",
                },
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(3,),
                preexec_fn=lambda: os.dup2(theirs.fileno(), 3),
            )
        theirs.close()
        self.log = log
        self._connection = own
        self._changed = threading.Condition()
        self.events: list[Event] = []
        self._is_closed = False
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, **command: Any) -> None:
        """Sends a command."""
        self._connection.sendall(json.dumps(command).encode() + b"\n")

    def run(self, job: str, project: Path, *arguments: str) -> None:
        """Asks for a job."""
        self.send(command="run", job=job, project=str(project), arguments=list(arguments))

    def wait(self, matches: Callable[[Event], bool], seconds: float = 60) -> Event:
        """The first event that matches, now or later."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                for event in self.events:
                    if matches(event):
                        return event
                left = deadline - time.monotonic()
                if self._is_closed or left <= 0:
                    raise AssertionError(f"{self.events[-5:]}\n{self.log.read_text()[-4000:]}")
                self._changed.wait(left)

    def finish(self, job: str, seconds: float = 60) -> str:
        """Waits for the end of a job; gives its outcome."""
        return self.wait(lambda e: e.get("job") == job and e["event"] == "finished", seconds)[
            "outcome"
        ]

    def of_job(self, job: str, kind: str) -> list[Event]:
        """The events of one kind that a job has sent so far."""
        return [e for e in self.events if e.get("job") == job and e["event"] == kind]

    def close(self) -> int:
        """Lets go of the driver and waits for its end; gives its exit code."""
        # It may have gone by itself, or been let go of before.
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        return self.process.wait(30)

    def _read(self) -> None:
        with self._connection.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                with self._changed:
                    self.events.append(json.loads(line))
                    self._changed.notify_all()
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
