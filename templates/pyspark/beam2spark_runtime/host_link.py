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
from .shared_rows import SharedRows

_OPEN, _ROWS, _END, _DONE, _FAILED = range(1, 6)
_WANTED, _READY, _SIDE_INPUT_ROWS, _SIDE_INPUT_FILES, _LOG, _ALIVE = range(6, 12)
_SHARED_MEMORY, _SHARED_ROWS = range(12, 14)
_END_JOB = 16
_HEAD = struct.Struct("<IB")
_UNIX = "unix:"
# Most bytes of a frame.
_LARGEST_FRAME = 1 << 30
# Rows go in frames of about so many bytes, which stay in a processor's cache on their way.
_FRAME_BYTES = 512 << 10
# How long a host may take to end a job's workers.
_LONGEST_END_SECONDS = 30.0
# Most parts that one call may send.
_MOST_PARTS = 1000

# The rows of a side input as an Arrow stream, or a SideInputFiles.
SideInputContent = bytes | Any


class HostLink:
    """One task's connection. Use it once; `close` ends it, whatever has happened."""

    def __init__(self, address: str):
        """Connects to a host, at `unix:PATH` or `HOST:PORT`. Raises OSError where none answers."""
        self._socket = _connect(address)
        self._head = bytearray(_HEAD.size)
        self._is_beside = address.startswith(_UNIX)
        # Memory for rows to go through, where a stage runs and there can be some.
        self._shared: SharedRows | None = None
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
        gets each LogMessage. Raises `RuntimeFailure` for what the host reports and for a row or a
        side input that is too large, and whatever reading the rows raises. Rows are sent by a
        thread of their own: the host stops reading while nobody takes its results.
        """
        if self._is_beside:
            self._shared = SharedRows.create()
        sender = threading.Thread(
            target=self._send_all, args=(stage, batches, read_side_input), daemon=True
        )
        sender.start()
        while True:
            kind, content = self._receive()
            if kind in (_ROWS, _SHARED_ROWS):
                output, rows = content[0], content.slice(1)
                if kind == _SHARED_ROWS:
                    rows = self._take_shared(rows)
                with pa.ipc.open_stream(rows) as reader:
                    for batch in reader:
                        yield output, batch
            elif kind == _LOG:
                if take_log is not None:
                    take_log(LogMessage.FromString(memoryview(content)))
            elif kind == _WANTED:
                self._wanted.put(SideInputWanted.FromString(memoryview(content)).index)
            elif kind == _READY:
                self._wanted.put(None)
            elif kind == _ALIVE:
                # The host only looks whether we are still here.
                continue
            elif kind == _DONE:
                done = StageDone.FromString(memoryview(content))
                self.monitoring_infos = list(done.monitoring_infos)
                sender.join()
                return
            else:
                raise self._fail(StageFailed.FromString(memoryview(content)))

    def end_job(self, job: str, longest_seconds: float = _LONGEST_END_SECONDS) -> None:
        """Tells the host that a job is over, and waits until its workers, or it, have ended, but
        not longer than this: a host that answers no more must not hold up whoever waits.
        """
        with suppress(_LinkBroken, OSError):
            self._socket.settimeout(longest_seconds)
            self._send(_END_JOB, job.encode())
            while self._socket.recv(1 << 10):
                pass

    def close(self) -> None:
        """Ends the connection; the host gives up what is open on it."""
        self._wanted.put(None)
        # A thread that is sending learns of it, which closing alone would not tell it.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._shared is not None:
            self._shared.close()

    def _send_all(
        self,
        stage: Any,
        batches: Iterable[pa.RecordBatch],
        read_side_input: Callable[[int], SideInputContent] | None,
    ) -> None:
        try:
            self._send(_OPEN, stage.SerializeToString())
            if self._shared is not None:
                self._send(_SHARED_MEMORY, self._shared.offer.SerializeToString())
            if stage.side_inputs:
                assert read_side_input is not None
                self._send_side_inputs(read_side_input)
            for batch in batches:
                for stream in _write_streams(batch):
                    self._send_rows(stream)
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

    def _send_rows(self, stream: list[bytes | pa.Buffer]) -> None:
        place = None if self._shared is None else self._shared.put(stream)
        if place is None:
            self._send(_ROWS, *stream)
        else:
            self._send(_SHARED_ROWS, place)

    def _send(self, kind: int, *contents: bytes | pa.Buffer) -> None:
        size = sum(map(len, contents))
        if size >= _LARGEST_FRAME:
            raise _too_large(kind, size)
        parts = [memoryview(part) for part in (_HEAD.pack(size + 1, kind), *contents)]
        try:
            while parts:
                sent = self._socket.sendmsg(parts[:_MOST_PARTS])
                while parts and sent >= len(parts[0]):
                    sent -= len(parts.pop(0))
                if sent:
                    parts[0] = parts[0][sent:]
        except OSError as error:
            raise _LinkBroken from error

    def _take_shared(self, place: pa.Buffer) -> pa.Buffer:
        assert self._shared is not None
        return self._shared.take(place)

    def _receive(self) -> tuple[int, pa.Buffer]:
        self._read(memoryview(self._head))
        size, kind = _HEAD.unpack(self._head)
        # Rows begin after the number of their output, at an address that can be divided by eight.
        place = pa.allocate_buffer(size + 6)
        self._read(memoryview(place)[7:])
        return kind, place.slice(7)

    def _read(self, target: memoryview) -> None:
        """Fills the target with what comes next."""
        filled = 0
        while filled < len(target):
            try:
                count = self._socket.recv_into(target[filled:], 0, socket.MSG_WAITALL)
            except OSError:
                count = 0
            if count == 0:
                raise self._send_error or self._lost()
            filled += count

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


def _too_large(kind: int, size: int) -> RuntimeFailure:
    """What is to be said of a frame over the limit. One of rows ends after some hundred KiB, so
    that it is a single row; a side input is one frame.
    """
    if kind == _SIDE_INPUT_ROWS:
        return RuntimeFailure(
            "runtime/side-input-too-large",
            f"a side input takes {size} bytes, and up to {_LARGEST_FRAME} go to the Fn API host at "
            "once",
            hint="lower spark.beam2spark.maxSideInputBytes: above it side inputs are read from "
            "files",
        )
    return RuntimeFailure(
        "runtime/row-too-large",
        f"an element takes {size} bytes, and up to {_LARGEST_FRAME} go to the Fn API host at once",
        hint="cut it, or keep what is in it in a file and let the element name that",
    )


class _Parts:
    """A file that keeps what is written to it as it is: no column is copied."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes | pa.Buffer] = []

    def write(self, part: bytes | pa.Buffer) -> None:
        """Takes the next part."""
        self._parts.append(part)

    def take(self) -> list[bytes | pa.Buffer]:
        """Gives the parts so far, and forgets them."""
        parts, self._parts = self._parts, []
        return parts

    def flush(self) -> None:
        """Has nothing to do."""

    def close(self) -> None:
        """Has nothing to do."""


def _write_streams(batch: pa.RecordBatch) -> Iterator[list[bytes | pa.Buffer]]:
    """Arrow streams of a few rows each, in parts."""
    frames = max(1, -(-batch.nbytes // _FRAME_BYTES))
    rows = max(1, -(-batch.num_rows // frames))
    parts = _Parts()
    writer = pa.ipc.new_stream(pa.PythonFile(parts, mode="w"), batch.schema)
    writer.write_batch(batch.slice(0, rows))
    # A stream needs no end, but each begins with the schema.
    schema = batch.schema.serialize()
    yield parts.take()
    for start in range(rows, batch.num_rows, rows):
        writer.write_batch(batch.slice(start, rows))
        yield [schema, *parts.take()]


class _LinkBroken(Exception):
    """The connection has ended while something was sent."""


def _connect(address: str) -> socket.socket:
    if not address.startswith(_UNIX):
        host, _, port = address.rpartition(":")
        name = host.removeprefix("[").removesuffix("]")
        connection = socket.create_connection((name, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(address.removeprefix(_UNIX))
    except OSError:
        connection.close()
        raise
    return connection
