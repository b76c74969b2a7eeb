"""A task's connection to the Fn API host on its machine: rows go there, and outputs come back.

Each side sends frames: a length (32 bits, the lowest byte first, of what follows), a kind (one
byte), and a content (`proto/beam2spark/link.proto`).
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from .errors import RuntimeFailure
from .link_messages import StageDone, StageFailed

_OPEN, _ROWS, _END, _DONE, _FAILED = range(1, 6)
_END_JOB = 16
_HEAD = struct.Struct("<IB")
_UNIX = "unix:"


class HostLink:
    """One task's connection. Use it once; `close` ends it, whatever has happened."""

    def __init__(self, address: str):
        """Connects to a host, at `unix:PATH` or `HOST:PORT`. Raises OSError where none answers."""
        self._socket = _connect(address)
        self._file = self._socket.makefile("rb", buffering=1 << 20)
        self._send_error: BaseException | None = None
        self.monitoring_infos: list[bytes] = []

    def run(
        self, stage: Any, batches: Iterable[pa.RecordBatch]
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Runs a stage over batches of rows; gives batches of its outputs, each with its number.

        Raises `RuntimeFailure` for what the host reports. Rows are sent by a thread of their own:
        the host stops reading while nobody takes its results.
        """
        sender = threading.Thread(target=self._send_all, args=(stage, batches), daemon=True)
        sender.start()
        while True:
            kind, content = self._receive()
            if kind == _ROWS:
                with pa.ipc.open_stream(content[1:]) as reader:
                    for batch in reader:
                        yield content[0], batch
            elif kind == _DONE:
                done = StageDone.FromString(content)
                self.monitoring_infos = list(done.monitoring_infos)
                sender.join()
                return
            else:
                raise self._fail(StageFailed.FromString(content))

    def end_job(self, job: str) -> None:
        """Tells the host that a job is over, and waits until its workers have ended."""
        self._send(_END_JOB, job.encode())
        self._file.read()

    def close(self) -> None:
        """Ends the connection; the host gives up what is open on it."""
        self._file.close()
        self._socket.close()

    def _send_all(self, stage: Any, batches: Iterable[pa.RecordBatch]) -> None:
        try:
            self._send(_OPEN, stage.SerializeToString())
            for batch in batches:
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, batch.schema) as writer:
                    writer.write_batch(batch)
                self._send(_ROWS, sink.getvalue())
            self._send(_END, b"")
        except BaseException as error:
            self._send_error = error
            # Whoever waits for the results learns that none come.
            self._socket.shutdown(socket.SHUT_RDWR)

    def _send(self, kind: int, content: bytes | pa.Buffer) -> None:
        self._socket.sendall(_HEAD.pack(len(content) + 1, kind))
        self._socket.sendall(content)

    def _receive(self) -> tuple[int, memoryview]:
        head = self._file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise self._send_error or self._lost()
        size, kind = _HEAD.unpack(head)
        content = self._file.read(size - 1)
        if len(content) < size - 1:
            raise self._lost()
        return kind, memoryview(content)

    def _lost(self) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/host-lost",
            "the Fn API host has closed the connection in the middle of a stage",
            hint="its log says why; Spark tries the task again",
        )

    def _fail(self, failed: Any) -> Exception:
        return RuntimeFailure(
            failed.code or "runtime/user-function-failed",
            failed.message,
            transform=failed.transform or None,
            hint=failed.hint or None,
        )


def _connect(address: str) -> socket.socket:
    if not address.startswith(_UNIX):
        host, _, port = address.rpartition(":")
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address.removeprefix(_UNIX))
    except OSError:
        connection.close()
        raise
    return connection
