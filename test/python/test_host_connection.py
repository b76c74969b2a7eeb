"""How a task finds the Fn API host of its machine, and what is left of that afterwards."""

import dataclasses
import socket
import threading
import uuid
from contextlib import closing
from shutil import rmtree

import pytest
from beam2spark_runtime import host_connection
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.host_connection import HostSettings, connect, end_job


@pytest.fixture
def settings(tmp_path):
    """Those of an application that has no host yet."""
    made = HostSettings(
        job="job",
        application=f"test-{uuid.uuid4()}",
        address=None,
        files=str(tmp_path),
        is_shipped=False,
        node=str(tmp_path / "no-node"),
        words=(),
    )
    yield made
    rmtree(host_connection._own_folder(made.application), ignore_errors=True)


def test_a_job_without_a_host_here_ends_without_a_trace(settings):
    end_job(settings)
    assert not host_connection._own_folder(settings.application).exists()


def test_a_host_that_ends_meanwhile_is_as_good_as_one_that_has_ended_the_job(settings):
    folder = host_connection._own_folder(settings.application)
    folder.mkdir(mode=0o700)
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(folder / "link"))
        server.listen()
        # It closes the connection without reading what was sent.
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        end_job(settings)
        thread.join()


def test_a_host_whose_launcher_replaces_it_is_waited_for(settings, tmp_path):
    address = f"unix:{tmp_path / 'link'}"
    with closing(socket.socket(socket.AF_UNIX)) as server:

        def replace():
            server.bind(str(tmp_path / "link"))
            server.listen()

        timer = threading.Timer(0.3, replace)
        timer.start()
        connect(dataclasses.replace(settings, address=address)).close()
        timer.join()


def test_a_host_whose_port_is_refused_is_waited_for(settings):
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        timer = threading.Timer(0.3, server.listen)
        timer.start()
        connect(
            dataclasses.replace(settings, address=f"127.0.0.1:{server.getsockname()[1]}")
        ).close()
        timer.join()


def test_a_host_that_nobody_has_started_is_told(settings, tmp_path):
    with pytest.raises(RuntimeFailure, match="no Fn API host answers at unix:") as raised:
        connect(dataclasses.replace(settings, address=f"unix:{tmp_path}/missing/link"))
    assert raised.value.code == "runtime/host-unreachable"


@pytest.mark.parametrize("use", [connect, end_job])
def test_a_folder_that_others_can_look_into_is_not_trusted(settings, use):
    folder = host_connection._own_folder(settings.application)
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(RuntimeFailure, match="is open to others on this machine"):
        use(settings)


def test_a_program_that_cannot_be_run_is_a_failure_with_a_hint(settings):
    with pytest.raises(RuntimeFailure, match=r"Node\.js can't be run") as raised:
        connect(settings)
    assert raised.value.code == "runtime/host-not-started"
    assert raised.value.hint == "name another one with spark.beam2spark.node"


def test_a_folder_that_a_host_has_just_removed_is_made_again(settings, monkeypatch):
    folder = host_connection._own_folder(settings.application)
    started = []

    def start(_settings, where, _address):
        started.append(where)
        rmtree(where)
        raise FileNotFoundError(where)

    monkeypatch.setattr(host_connection, "_start", start)
    with pytest.raises(RuntimeFailure, match="has ended at once"):
        connect(settings)
    assert started == [folder] * 5
