"""The line between the Job service and a warm driver: JSON, a line each, both ways."""

from __future__ import annotations

import json
import select
import socket
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

_CHUNK = 1 << 16


class DriverChannel:
    """The driver's end. One thread receives; any may send."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._lock = threading.Lock()
        self._rest = b""
        self._waiting: deque[dict[str, Any]] = deque()

    def send(self, message: Mapping[str, Any]) -> None:
        """Sends a message. Nobody hears it once the service has gone."""
        data = json.dumps(message).encode() + b"\n"
        with self._lock:
            try:
                self._connection.sendall(data)
            except OSError:
                # Whoever receives finds the end of the line, and ends the driver.
                return

    def receive(self, seconds: float | None = None) -> dict[str, Any] | None:
        """The next message; None after so many seconds without one.

        Raises EOFError once the service has gone.
        """
        while not self._waiting:
            if seconds is not None and not select.select([self._connection], [], [], seconds)[0]:
                return None
            try:
                chunk = self._connection.recv(_CHUNK)
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise EOFError("the service has gone")
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            self._waiting.extend(json.loads(line) for line in lines if line.strip())
        return self._waiting.popleft()
