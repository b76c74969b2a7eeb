"""How a task finds the Fn API host of its machine, and what is left of that afterwards."""

import dataclasses
import os
import shutil
import socket
import threading
import uuid
import zipfile
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from types import SimpleNamespace

import pytest
from beam2spark_runtime import host_connection, job_host
from beam2spark_runtime import host_folder as host_folder_module
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.host_connection import HostSettings, connect, end_job
from beam2spark_runtime.host_folder import host_folder, list_host_folders


@pytest.fixture
def settings(tmp_path):
    """Those of an application that has no host yet."""
    made = HostSettings(
        job="job",
        application=f"test-{uuid.uuid4()}",
        addresses=(),
        hosts=1,
        files=str(tmp_path),
        is_shipped=False,
        node=str(tmp_path / "no-node"),
        words=(),
    )
    yield made
    for folder in list_host_folders(made.application):
        rmtree(folder.path, ignore_errors=True)


def own_folder(settings):
    """The folder of the host that this process would start."""
    return host_folder(settings.application, os.getpid(), 0)


def listen(folder):
    """A server in a folder, as a host that is there."""
    folder.create()
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder.path / "link"))
    server.listen()
    return server


def write_program(project):
    """A host's program that takes one task."""
    program = project / "beam2spark_host" / "index.mjs"
    program.parent.mkdir()
    program.write_text(
        "import { createServer } from 'node:net';\n"
        "const listen = process.argv[3];\n"
        "const [host, port] = listen.split(':');\n"
        "const server = createServer((socket) => { socket.destroy(); server.close(); });\n"
        "const where = host === 'unix' ? { path: port } : { host, port: Number(port) };\n"
        "server.listen(where, () => {\n"
        "  const last = host === 'unix' ? port : server.address().port;\n"
        "  console.log(`listening on ${host}:${last}`);\n"
        "});\n"
    )


def test_a_job_without_a_host_here_ends_without_a_trace(settings):
    end_job(settings)
    assert list_host_folders(settings.application) == []


def test_a_host_that_ends_meanwhile_is_as_good_as_one_that_has_ended_the_job(settings):
    with closing(listen(own_folder(settings))) as server:
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
        connect(dataclasses.replace(settings, addresses=(address,))).close()
        timer.join()


def test_a_host_whose_port_is_refused_is_waited_for(settings):
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        timer = threading.Timer(0.3, server.listen)
        timer.start()
        connect(
            dataclasses.replace(settings, addresses=(f"127.0.0.1:{server.getsockname()[1]}",))
        ).close()
        timer.join()


def test_a_host_that_nobody_has_started_is_told(settings, tmp_path):
    with pytest.raises(RuntimeFailure, match="no Fn API host answers at unix:") as raised:
        connect(dataclasses.replace(settings, addresses=(f"unix:{tmp_path}/missing/link",)))
    assert raised.value.code == "runtime/host-unreachable"


@pytest.mark.parametrize("use", [connect, end_job])
def test_a_folder_that_others_can_look_into_is_not_trusted(settings, use):
    folder = own_folder(settings).path
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
    folder = own_folder(settings).path
    started = []

    def start(_settings, where):
        started.append(where.path)
        rmtree(where.path)
        raise FileNotFoundError(where.path)

    monkeypatch.setattr(host_connection, "_start", start)
    with pytest.raises(RuntimeFailure, match="has ended at once"):
        connect(settings)
    assert started == [folder] * 5


def test_the_end_of_a_job_is_told_to_all_hosts_of_its_application(settings):
    # Those of two executors, of which one has two.
    folders = [host_folder(settings.application, *place) for place in [(7, 0), (7, 1), (8, 0)]]
    servers = [listen(folder) for folder in folders]
    told = []

    def serve(server):
        connection = server.accept()[0]
        with closing(connection), closing(server):
            told.append(connection.recv(100)[5:])

    threads = [threading.Thread(target=serve, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    end_job(settings)
    for thread in threads:
        thread.join()
    assert told == [b"job"] * 3


def test_a_host_whose_folder_has_a_long_path_is_found_by_the_port_that_it_says(
    settings, monkeypatch, tmp_path
):
    parent = tmp_path / ("long" * 30)
    parent.mkdir()
    monkeypatch.setattr(host_folder_module, "_parent", lambda: parent)
    write_program(tmp_path)
    connect(dataclasses.replace(settings, node=None)).close()
    assert own_folder(settings).find_address().startswith("127.0.0.1:")


def test_tasks_are_spread_over_an_executors_hosts(settings, monkeypatch):
    numbers = []

    def connect_own(_settings, folder):
        numbers.append(int(folder.path.name.rpartition("-")[2]))

    monkeypatch.setattr(host_connection, "_connect_own", connect_own)
    monkeypatch.setattr(host_connection.TaskContext, "_taskContext", SimpleNamespace())
    for partition in range(5):
        host_connection.TaskContext._taskContext.partitionId = lambda number=partition: number
        connect(dataclasses.replace(settings, hosts=2))
    assert numbers == [0, 1, 0, 1, 0]


def test_a_machine_without_node_runs_the_one_that_travels_with_the_project(
    settings, monkeypatch, tmp_path
):
    project = tmp_path / "project"
    project.mkdir()
    write_program(project)
    node = project / "beam2spark_host" / "node"
    node.write_text(f'#!/bin/sh\nexec {shutil.which("node")} "$@"\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    archive = job_host._pack(project, "shipped")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    shutil.rmtree(archive.parent)
    without = dataclasses.replace(settings, node=None)
    with pytest.raises(RuntimeFailure, match="no `node` in its PATH"):
        connect(without)
    connect(dataclasses.replace(without, files=str(tmp_path / "unpacked"))).close()


def test_a_node_that_cannot_be_made_a_program_is_none(settings, monkeypatch, tmp_path):
    node = tmp_path / "beam2spark_host" / "node"
    assert settings.find_bundled_node() is None
    node.parent.mkdir()
    node.write_bytes(b"")
    monkeypatch.setattr(Path, "chmod", forbid)
    assert settings.find_bundled_node() is None
    monkeypatch.undo()
    assert settings.find_bundled_node() == str(node)
    assert os.access(node, os.X_OK)


def forbid(*_arguments):
    """What a file that is somebody else's says."""
    raise PermissionError
