"""Memory through which rows go between a task and the Fn API host on its machine.

A socket costs more than its copies: it takes a large frame in many small pieces, and wakes the
other side for each. So rows lie in a file without a name that is memory and that both sides have
open, and over the socket go their places. What lies where in it is said in
`src/fnhost/link/shared-rows.ts`. Rows are written and read through a map: calls that read or write
such a file go page by page, and take several times as long. The marks of slots go by calls.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import secrets
import struct
import threading
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from .link_messages import SharedMemory

_NAME = "beam2spark-rows"
_TOKEN_BYTES = 16
_ACCEPTED_AT = _TOKEN_BYTES
_MARKS_AT = _ACCEPTED_AT + 1
_HEAD_BYTES = 4096
# Frames to the host have about 512 KiB, and those to a task what a message of its worker has, a
# mebibyte. All slots take some 12 MiB, but only those that were used so far are there.
_HOST_SLOTS, _HOST_SLOT_BYTES = 8, 576 << 10
_TASK_SLOTS, _TASK_SLOT_BYTES = 6, 1152 << 10
_TASK_SLOTS_AT = _HEAD_BYTES + _HOST_SLOTS * _HOST_SLOT_BYTES
_SIZE = _TASK_SLOTS_AT + _TASK_SLOTS * _TASK_SLOT_BYTES
# Where rows lie: the slot, and their size.
_PLACE = struct.Struct("<BI")
_ZERO, _ONE = b"\0", b"\1"


class SharedRows:
    """A task's memory. One thread may put rows there while another takes some and closes it."""

    def __init__(self, file: int):
        """Takes over an empty file of memory. Raises OSError where it can't be as large."""
        self._file = file
        self._map: mmap.mmap | None = None
        # A number that was closed may be that of another file at once.
        self._is_open = threading.Lock()
        token = secrets.token_bytes(_TOKEN_BYTES)
        try:
            os.ftruncate(file, _SIZE)
            os.pwrite(file, token, 0)
            self._map = mmap.mmap(file, _SIZE)
        except OSError:
            self.close()
            raise
        self.offer = SharedMemory(
            process=os.getpid(),
            file_descriptor=file,
            token=token,
            host_slots=_HOST_SLOTS,
            host_slot_bytes=_HOST_SLOT_BYTES,
            task_slots=_TASK_SLOTS,
            task_slot_bytes=_TASK_SLOT_BYTES,
        )

    @classmethod
    def create(cls) -> SharedRows | None:
        """Memory to offer to a host; None where the system has none."""
        if not hasattr(os, "memfd_create"):
            return None
        try:
            shared = cls(os.memfd_create(_NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING))
        except OSError:
            return None
        try:
            shared.seal()
        except OSError:
            shared.close()
            return None
        return shared

    def seal(self) -> None:
        """Nobody can change its size from now on: a map of a file that is cut would be a signal.
        Raises OSError where it was created without seals.
        """
        fcntl.fcntl(self._file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)

    def put(self, parts: Sequence[bytes | pa.Buffer]) -> bytes | None:
        """Writes rows, in parts, to a slot. Gives their place; None where they fit none that is
        free, or the host has not accepted the memory.
        """
        size = sum(map(len, parts))
        if size > _HOST_SLOT_BYTES:
            return None
        with self._is_open:
            if self._map is None:
                return None
            marks = os.pread(self._file, 1 + _HOST_SLOTS, _ACCEPTED_AT)
            # The first one: it is likely to be in the processor's cache.
            slot = marks.find(_ZERO, 1) - 1
            if marks[:1] != _ONE or slot < 0:
                return None
            start = _HEAD_BYTES + slot * _HOST_SLOT_BYTES
            for part in parts:
                end = start + len(part)
                self._map[start:end] = part
                start = end
            os.pwrite(self._file, _ONE, _MARKS_AT + slot)
        return _PLACE.pack(slot, size)

    def take(self, place: Any) -> pa.Buffer:
        """Reads rows from their slot, which is free then. Raises ValueError where there is none."""
        slot, size = _PLACE.unpack(place)
        if slot >= _TASK_SLOTS or size > _TASK_SLOT_BYTES:
            raise ValueError(f"{size} bytes of rows lie in slot {slot}, where they can't")
        # It begins where Arrow wants columns to.
        rows = pa.allocate_buffer(size)
        start = _TASK_SLOTS_AT + slot * _TASK_SLOT_BYTES
        # No view may be left: the map couldn't be closed.
        with memoryview(self._map) as memory, memory[start : start + size] as written:
            memoryview(rows).cast("B")[:] = written
        os.pwrite(self._file, _ZERO, _MARKS_AT + _HOST_SLOTS + slot)
        return rows

    def close(self) -> None:
        """Lets the memory go; it may be called again."""
        with self._is_open:
            if self._map is not None:
                self._map.close()
            self._map = None
            if self._file >= 0:
                os.close(self._file)
            self._file = -1
