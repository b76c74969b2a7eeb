"""A task's end of the link, against a host that does as a test says."""

import os
import socket
import struct
import threading
from contextlib import closing, contextmanager, suppress

import pyarrow as pa
import pytest
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.host_link import HostLink
from beam2spark_runtime.link_messages import (
    LogMessage,
    OpenStage,
    SharedMemory,
    SideInputFiles,
    SideInputWanted,
    StageDone,
    StageFailed,
)

OPEN, ROWS, END, DONE, FAILED, WANTED, READY, SIDE_ROWS, SIDE_FILES, LOG, ALIVE = range(1, 12)
SHARED_MEMORY, SHARED_ROWS = 12, 13
END_JOB = 16
BATCH = pa.record_batch({"value": ["one", "two"]})


class Peer:
    """The host's end of a connection."""

    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb")
        self.offers = []

    def receive(self):
        """The next frame: its kind and content. Memory that is offered is noted."""
        size, kind = struct.unpack("<IB", self.file.read(5))
        content = self.file.read(size - 1)
        if kind != SHARED_MEMORY:
            return kind, content
        self.offers.append(SharedMemory.FromString(content))
        return self.receive()

    def receive_all(self):
        """The kinds of frames until the task has no more rows."""
        kinds = []
        while not kinds or kinds[-1] != END:
            kinds.append(self.receive()[0])
        return kinds

    def send(self, kind, content=b""):
        """Sends a frame."""
        self.connection.sendall(struct.pack("<IB", len(content) + 1, kind) + content)


def listen(tmp_path):
    """A socket of a host in a folder, and its address."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "link"))
    server.listen()
    return server, f"unix:{tmp_path / 'link'}"


def listen_at_port(_):
    """A socket of a host at a port of this machine, and its address."""
    server = socket.create_server(("127.0.0.1", 0))
    return server, f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def served(tmp_path, behave, listen=listen):
    """A link to a host that behaves so; what it raises fails the test."""
    errors = []
    server, address = listen(tmp_path)
    with closing(server):

        def serve():
            connection, _ = server.accept()
            peer = Peer(connection)
            try:
                behave(peer)
            except Exception as error:
                errors.append(error)
            finally:
                peer.file.close()
                connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        with closing(HostLink(address)) as link:
            yield link
        thread.join()
    assert not errors


def run(link, batches=(BATCH,), stage=None, **options):
    """Runs a stage to its end."""
    return list(link.run(stage or OpenStage(descriptor=b"d"), iter(batches), **options))


def stream_of(batch):
    """A batch as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def rows_of(output):
    """A frame's content with rows of an output."""
    return bytes([output]) + stream_of(BATCH)


@pytest.mark.parametrize("listen", [listen, listen_at_port])
def test_rows_go_there_and_come_back_and_what_is_logged(tmp_path, listen):
    def behave(peer):
        assert peer.receive_all() == [OPEN, ROWS, ROWS, END]
        message = LogMessage(importance="warning", text="heard", transform="Do")
        peer.send(LOG, message.SerializeToString())
        peer.send(ALIVE)
        peer.send(ROWS, rows_of(1))
        peer.send(DONE, StageDone(monitoring_infos=[b"info"]).SerializeToString())

    logged = []
    with served(tmp_path, behave, listen) as link:
        assert run(link, (BATCH, BATCH), take_log=logged.append) == [(1, BATCH)]
        assert link.monitoring_infos == [b"info"]
    assert [(one.importance, one.text, one.transform) for one in logged] == [
        ("warning", "heard", "Do")
    ]


def open_files():
    """The files that this process has open, as the system names them."""
    names = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            names.append(os.readlink(f"/proc/self/fd/{number}"))
    return sorted(names)


def is_memory(name):
    """Whether a file is a task's memory for rows."""
    return name.startswith("/memfd:beam2spark-rows")


def test_rows_go_through_memory_once_the_host_has_accepted_it(tmp_path):
    is_accepted = threading.Event()
    kinds = []

    def behave(peer):
        kinds.extend([peer.receive()[0], peer.receive()[0]])
        (offer,) = peer.offers
        assert offer.process == os.getpid()
        assert is_memory(os.readlink(f"/proc/self/fd/{offer.file_descriptor}"))
        assert os.pread(offer.file_descriptor, 16, 0) == offer.token
        os.pwrite(offer.file_descriptor, b"\1", 16)
        is_accepted.set()
        kind, place = peer.receive()
        kinds.append(kind)
        slot, size = struct.unpack("<BI", place)
        assert slot == 0
        stream = os.pread(offer.file_descriptor, size, 4096)
        assert pa.ipc.open_stream(stream).read_all() == pa.table(BATCH.to_pydict())
        kinds.append(peer.receive()[0])
        answer = stream_of(BATCH.slice(1))
        slots = 4096 + offer.host_slots * offer.host_slot_bytes
        os.pwrite(offer.file_descriptor, answer, slots + 2 * offer.task_slot_bytes)
        peer.send(SHARED_ROWS, struct.pack("<BBI", 7, 2, len(answer)))
        peer.send(ROWS, rows_of(1))
        peer.send(DONE)

    def batches():
        yield BATCH
        is_accepted.wait()
        yield BATCH

    before = open_files()
    with served(tmp_path, behave) as link:
        assert run(link, batches()) == [(7, BATCH.slice(1)), (1, BATCH)]
    assert kinds == [OPEN, ROWS, SHARED_ROWS, END]
    assert open_files() == before


def test_no_memory_is_offered_over_a_port(tmp_path):
    offers = []

    def behave(peer):
        peer.receive_all()
        offers.extend(peer.offers)
        peer.send(DONE)

    with served(tmp_path, behave, listen_at_port) as link:
        assert run(link) == []
    assert offers == []


def test_memory_goes_with_a_task_that_is_given_up(tmp_path):
    def behave(peer):
        peer.receive()
        peer.receive()
        os.pwrite(peer.offers[0].file_descriptor, b"\1", 16)
        peer.send(ROWS, rows_of(0))
        while peer.file.read(1 << 16):
            pass

    before = open_files()
    endless = iter(lambda: BATCH, None)
    with served(tmp_path, behave) as link:
        results = link.run(OpenStage(), endless)
        assert next(results) == (0, BATCH)
        assert any(map(is_memory, open_files()))
        results.close()
    assert open_files() == before


def test_side_inputs_are_sent_before_rows_where_the_host_lacks_them(tmp_path):
    def behave(peer):
        assert peer.receive()[0] == OPEN
        peer.send(WANTED, SideInputWanted(index=2).SerializeToString())
        assert peer.receive() == (SIDE_ROWS, b"rows 2")
        peer.send(WANTED, SideInputWanted(index=0).SerializeToString())
        kind, content = peer.receive()
        assert kind == SIDE_FILES
        assert list(SideInputFiles.FromString(content).paths) == ["/a"]
        peer.send(READY)
        assert peer.receive_all() == [ROWS, END]
        peer.send(DONE)

    def read(index):
        return SideInputFiles(paths=["/a"]) if index == 0 else f"rows {index}".encode()

    with served(tmp_path, behave) as link:
        stage = OpenStage(side_inputs=["a", "b", "c"])
        assert run(link, stage=stage, read_side_input=read) == []


def test_the_end_of_a_job_is_waited_for_but_not_for_ever(tmp_path):
    kinds = []

    def behave(peer):
        kinds.append(peer.receive()[0])
        # It says nothing, and stays until the task has gone.
        peer.file.read()

    with served(tmp_path, behave) as link:
        link.end_job("job", longest_seconds=0.05)
    assert kinds == [END_JOB]


def test_a_failure_of_the_users_has_its_transform_and_trace(tmp_path):
    def behave(peer):
        peer.receive_all()
        failed = StageFailed(message="ValueError: no", transform="Do", trace="Traceback …")
        peer.send(FAILED, failed.SerializeToString())

    with served(tmp_path, behave) as link, pytest.raises(RuntimeFailure) as caught:
        run(link)
    failure = caught.value
    assert failure.code == "runtime/user-function-failed"
    assert (failure.transform, failure.message) == ("Do", "ValueError: no")
    assert failure.trace == "Traceback …"


def test_a_failure_comes_while_rows_are_still_sent(tmp_path):
    def behave(peer):
        peer.receive()
        peer.send(
            FAILED, StageFailed(code="runtime/worker-gone", message="gone").SerializeToString()
        )

    endless = iter(lambda: BATCH, None)
    with served(tmp_path, behave) as link, pytest.raises(RuntimeFailure, match="worker-gone"):
        run(link, endless)


@pytest.mark.parametrize("frames", [0, 1, 3])
def test_a_host_that_is_gone_is_a_failure_of_its_own(tmp_path, frames):
    def behave(peer):
        for _ in range(frames):
            peer.receive()

    endless = iter(lambda: BATCH, None)
    with served(tmp_path, behave) as link, pytest.raises(RuntimeFailure, match="host-lost"):
        run(link, endless)


@pytest.mark.parametrize(
    ("sides", "code"), [([], "row-too-large"), (["a"], "side-input-too-large")]
)
def test_a_row_or_a_side_input_over_the_limit_is_named(tmp_path, monkeypatch, sides, code):
    def behave(peer):
        if sides:
            peer.send(WANTED, SideInputWanted(index=0).SerializeToString())
        while peer.file.read(1):
            pass

    monkeypatch.setattr("beam2spark_runtime.host_link._LARGEST_FRAME", 1000)
    large = pa.record_batch({"value": ["x" * 2000]})
    stage = OpenStage(side_inputs=sides)
    with served(tmp_path, behave) as link, pytest.raises(RuntimeFailure, match=code):
        run(link, (large,), stage=stage, read_side_input=lambda _: bytes(2000))


def test_what_reading_the_rows_raises_is_raised(tmp_path):
    def behave(peer):
        while peer.file.read(1):
            pass

    def broken():
        yield BATCH
        raise KeyError("upstream")

    with served(tmp_path, behave) as link, pytest.raises(KeyError, match="upstream"):
        run(link, broken())
