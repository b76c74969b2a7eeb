"""A task's connection to the Fn API host on its machine: rows go there, and outputs come back.

Each side sends frames: a length (32 bits, the lowest byte first, of what follows), a kind (one
byte), and a content (`proto/beam2spark/link.proto`).
"""

from __future__ import annotations

import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa

from .errors import RuntimeFailure
from .link_messages import (
    LogMessage,
    SideInputFiles,
    SideInputWanted,
    StageDone,
    StageFailed,
)

_OPEN, _ROWS, _END, _DONE, _FAILED = range(1, 6)
_WANTED, _READY, _SIDE_INPUT_ROWS, _SIDE_INPUT_FILES, _LOG, _ALIVE = range(6, 12)
_END_JOB = 16
_HEAD = struct.Struct("<IB")
_UNIX = "unix:"


# The rows of a side input as an Arrow stream, or a SideInputFiles.
SideInputContent = bytes | Any


class HostLink:
    """One task's connection. Use it once; `close` ends it, whatever has happened."""

    def __init__(self, address: str):
        """Connects to a host, at `unix:PATH` or `HOST:PORT`. Raises OSError where none answers."""
        self._socket = _connect(address)
        self._file = self._socket.makefile("rb", buffering=1 << 20)
        self._send_error: BaseException | None = None
        # The numbers of side inputs that the host wants, then None.
        self._wanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.monitoring_infos: list[bytes] = []

    def run(
        self,
        stage: Any,
        batches: Iterable[pa.RecordBatch],
        read_side_input: Callable[[int], SideInputContent] | None = None,
        take_log: Callable[[Any], None] | None = None,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Runs a stage over batches of rows; gives batches of its outputs, each with its number.

        `read_side_input` gives the stage's i-th side input where the host lacks it, and `take_log`
        gets each LogMessage. Raises `RuntimeFailure` for what the host reports, and whatever
        reading the rows raises. Rows are sent by a thread of their own: the host stops reading
        while nobody takes its results.
        """
        sender = threading.Thread(
            target=self._send_all, args=(stage, batches, read_side_input), daemon=True
        )
        sender.start()
        while True:
            kind, content = self._receive()
            if kind == _ROWS:
                with pa.ipc.open_stream(content[1:]) as reader:
                    for batch in reader:
                        yield content[0], batch
            elif kind == _LOG:
                if take_log is not None:
                    take_log(LogMessage.FromString(content))
            elif kind == _WANTED:
                self._wanted.put(SideInputWanted.FromString(content).index)
            elif kind == _READY:
                self._wanted.put(None)
            elif kind == _ALIVE:
                # The host only looks whether we are still here.
                continue
            elif kind == _DONE:
                done = StageDone.FromString(content)
                self.monitoring_infos = list(done.monitoring_infos)
                sender.join()
                return
            else:
                raise self._fail(StageFailed.FromString(content))

    def end_job(self, job: str) -> None:
        """Tells the host that a job is over, and waits until its workers, or it, have ended."""
        with suppress(_LinkBroken, OSError):
            self._send(_END_JOB, job.encode())
            self._file.read()

    def close(self) -> None:
        """Ends the connection; the host gives up what is open on it."""
        self._wanted.put(None)
        # A thread that is sending learns of it, which closing alone would not tell it.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._file.close()
        self._socket.close()

    def _send_all(
        self,
        stage: Any,
        batches: Iterable[pa.RecordBatch],
        read_side_input: Callable[[int], SideInputContent] | None,
    ) -> None:
        try:
            self._send(_OPEN, stage.SerializeToString())
            if stage.side_inputs:
                assert read_side_input is not None
                self._send_side_inputs(read_side_input)
            for batch in batches:
                sink = pa.BufferOutputStream()
                with pa.ipc.new_stream(sink, batch.schema) as writer:
                    writer.write_batch(batch)
                self._send(_ROWS, sink.getvalue())
            self._send(_END, b"")
        except _LinkBroken:
            # Whoever waits for the results sees it too, or has been told the reason.
            pass
        except BaseException as error:
            self._send_error = error
            # Whoever waits for the results learns that none come.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _send_side_inputs(self, read: Callable[[int], SideInputContent]) -> None:
        """Sends those that the host asks for, until it has all of them."""
        while (index := self._wanted.get()) is not None:
            content = read(index)
            if isinstance(content, SideInputFiles):
                self._send(_SIDE_INPUT_FILES, content.SerializeToString())
            else:
                self._send(_SIDE_INPUT_ROWS, content)

    def _send(self, kind: int, content: bytes | pa.Buffer) -> None:
        try:
            self._socket.sendall(_HEAD.pack(len(content) + 1, kind))
            self._socket.sendall(content)
        except OSError as error:
            raise _LinkBroken from error

    def _receive(self) -> tuple[int, memoryview]:
        size, kind = _HEAD.unpack(self._read(_HEAD.size))
        return kind, memoryview(self._read(size - 1))

    def _read(self, size: int) -> bytes:
        try:
            content = self._file.read(size)
        except OSError:
            content = b""
        if len(content) < size:
            raise self._send_error or self._lost()
        return content

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
            trace=failed.trace or None,
        )


class _LinkBroken(Exception):
    """The connection has ended while something was sent."""


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
