"""A task's memory that rows go through, with what a host does to it done by the test."""

import errno
import fcntl
import os
import struct
from contextlib import closing

import pyarrow as pa
import pytest
from beam2spark_runtime.shared_rows import SharedRows

ACCEPTED_AT, MARKS_AT, SLOTS_AT = 16, 17, 4096


@pytest.fixture
def shared():
    """Memory that the host has not accepted yet."""
    with closing(SharedRows.create()) as created:
        yield created


def accept(shared):
    """Does as a host does that accepts the memory. Gives what was offered."""
    os.pwrite(shared.offer.file_descriptor, b"\1", ACCEPTED_AT)
    return shared.offer


def put_all(shared):
    """Puts rows until they fit nowhere. Gives their slots."""
    return [place[0] for place in iter(lambda: shared.put([b"rows"]), None)]


def test_its_size_is_what_is_offered_and_limited(shared):
    offer = shared.offer
    size = os.fstat(offer.file_descriptor).st_size
    slots = offer.host_slots * offer.host_slot_bytes + offer.task_slots * offer.task_slot_bytes
    assert size == SLOTS_AT + slots
    assert size < 16 << 20
    assert os.pread(offer.file_descriptor, 16, 0) == offer.token
    assert not os.get_inheritable(offer.file_descriptor)


def test_nothing_is_put_there_before_it_is_accepted(shared):
    assert shared.put([b"rows"]) is None
    accept(shared)
    assert shared.put([b"rows"]) is not None


def test_parts_lie_in_a_slot_one_after_the_other(shared):
    offer = accept(shared)
    shared.put([b"first"])
    place = shared.put([b"one", pa.py_buffer(b""), pa.py_buffer(b" two")])
    assert place == struct.pack("<BI", 1, 7)
    assert os.pread(offer.file_descriptor, 7, SLOTS_AT + offer.host_slot_bytes) == b"one two"


def test_a_slot_is_used_again_once_it_is_free(shared):
    offer = accept(shared)
    assert put_all(shared) == list(range(offer.host_slots))
    os.pwrite(offer.file_descriptor, b"\0", MARKS_AT + 3)
    assert put_all(shared) == [3]


def test_what_fits_no_slot_is_not_put(shared):
    offer = accept(shared)
    assert shared.put([bytes(offer.host_slot_bytes)]) is not None
    assert shared.put([bytes(offer.host_slot_bytes), b"1"]) is None
    parts = [b"1"] * 5000
    assert shared.put(parts) == struct.pack("<BI", 1, 5000)


def test_nobody_can_cut_it(shared):
    with pytest.raises(PermissionError):
        os.ftruncate(shared.offer.file_descriptor, SLOTS_AT)


def test_rows_are_taken_from_their_slot_which_is_free_then(shared):
    offer = shared.offer
    slots_at = SLOTS_AT + offer.host_slots * offer.host_slot_bytes
    mark_at = MARKS_AT + offer.host_slots + 2
    os.pwrite(offer.file_descriptor, b"some rows", slots_at + 2 * offer.task_slot_bytes)
    os.pwrite(offer.file_descriptor, b"\1", mark_at)
    rows = shared.take(struct.pack("<BI", 2, 9))
    assert rows.to_pybytes() == b"some rows"
    assert rows.address % 8 == 0
    assert os.pread(offer.file_descriptor, 1, mark_at) == b"\0"


def test_a_place_that_there_is_not_is_refused(shared):
    offer = shared.offer
    with pytest.raises(ValueError, match="where they can't"):
        shared.take(struct.pack("<BI", offer.task_slots, 1))
    with pytest.raises(ValueError, match="where they can't"):
        shared.take(struct.pack("<BI", 0, offer.task_slot_bytes + 1))


def test_what_was_closed_is_not_written_to(shared, tmp_path):
    number = accept(shared).file_descriptor
    shared.close()
    # Another file gets the number.
    other = os.open(tmp_path / "other", os.O_RDWR | os.O_CREAT)
    if other != number:
        os.dup2(other, number)
        os.close(other)
    try:
        marks = b"\1" + bytes(64)
        os.pwrite(number, marks, ACCEPTED_AT)
        assert shared.put([b"rows"]) is None
        shared.close()
        assert os.pread(number, 100, ACCEPTED_AT) == marks
    finally:
        os.close(number)


def test_a_system_without_such_memory_has_none(monkeypatch):
    with monkeypatch.context() as patch:
        patch.delattr(os, "memfd_create")
        assert SharedRows.create() is None

    def fail(*_):
        raise OSError(errno.ENOSYS, "not here")

    with monkeypatch.context() as patch:
        patch.setattr(os, "memfd_create", fail)
        assert SharedRows.create() is None
    before = os.listdir("/proc/self/fd")
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", fail)
        assert SharedRows.create() is None
    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "fcntl", fail)
        assert SharedRows.create() is None
    assert os.listdir("/proc/self/fd") == before
