"""Finds the Fn API host of this machine, or starts it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from pyspark import SparkFiles, TaskContext

from .errors import RuntimeFailure
from .host_folder import HostFolder, host_folder, list_host_folders
from .host_link import HostLink

HOST_FOLDER = "beam2spark_host"
_PROGRAM = "index.mjs"
_NODE = "node"
_IDLE_SECONDS = 120
_ATTEMPTS = 5
_UNIX = "unix:"
_LISTENING = "listening on "
_REPLACEMENT_SECONDS = 10


@dataclass(frozen=True)
class HostSettings:
    """How a job's tasks reach the host.

    `addresses` are where some listen already (`unix:PATH` or `HOST:PORT`), else an executor's
    first tasks start `hosts` of them; `application` names the jobs that share them. `files` has
    the host's program and the project's artifacts: a folder of this machine, or, `is_shipped`, the
    name of one that Spark has brought to each executor. `node` is the Node.js to run it with,
    `words` are further ones of its command line.
    """

    job: str
    application: str
    addresses: tuple[str, ...]
    hosts: int
    files: str
    is_shipped: bool
    node: str | None
    words: tuple[str, ...]

    def find_artifacts(self) -> str:
        """The folder with the project's artifacts, empty where it has none."""
        folder = self._find_files() / "artifacts"
        return str(folder) if folder.is_dir() else ""

    def find_bundled_node(self) -> str | None:
        """The Node.js that travels with the project, if one does and can be run."""
        node = self._find_files() / HOST_FOLDER / _NODE
        if not node.is_file():
            return None
        if not os.access(node, os.X_OK):
            # An archive doesn't keep who may run what; the file may be somebody else's.
            with suppress(PermissionError):
                node.chmod(0o755)
        return str(node) if os.access(node, os.X_OK) else None

    def find_program(self) -> Path:
        """The host's program."""
        return self._find_files() / HOST_FOLDER / _PROGRAM

    def _find_files(self) -> Path:
        return Path(SparkFiles.get(self.files) if self.is_shipped else self.files)


def connect(settings: HostSettings) -> HostLink:
    """A task's connection to the host, which is started where there is none.

    Raises `RuntimeFailure` (`runtime/host-unreachable`, `runtime/host-not-started`).
    """
    task = TaskContext.get()
    partition = 0 if task is None else task.partitionId()
    addresses = settings.addresses
    if addresses:
        return _connect_to(addresses[partition % len(addresses)])
    folder = host_folder(settings.application, _find_executor(), partition % settings.hosts)
    # A host that ends takes its folder along, and may do so just now.
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            return _connect_own(settings, folder)
    raise RuntimeFailure(
        "runtime/host-unreachable", "each Fn API host on this machine has ended at once"
    )


def _connect_to(address: str) -> HostLink:
    """A connection to the host at an address. The launcher replaces one that has ended: where its
    socket's folder is still there, or its port is refused, the next one is waited for.
    """
    deadline = time.monotonic() + _REPLACEMENT_SECONDS
    while True:
        try:
            return HostLink(address)
        except OSError as error:
            is_replaced = (
                Path(address[len(_UNIX) :]).parent.is_dir()
                if address.startswith(_UNIX)
                else isinstance(error, ConnectionRefusedError)
            )
            if not is_replaced or time.monotonic() > deadline:
                raise RuntimeFailure(
                    "runtime/host-unreachable",
                    f"no Fn API host answers at {address}: {error}",
                    hint="start it there, or leave spark.beam2spark.host out, so that tasks start "
                    "one",
                ) from None
        time.sleep(0.1)


def end_job(settings: HostSettings) -> None:
    """Tells the hosts on this machine that a job is over; nothing is made for it."""
    for address in settings.addresses or _list_own(settings):
        try:
            link = HostLink(address)
        except OSError:
            continue
        try:
            link.end_job(settings.job)
        finally:
            link.close()


def _list_own(settings: HostSettings) -> Iterator[str]:
    """Where the application's hosts on this machine listen."""
    for folder in list_host_folders(settings.application):
        with suppress(FileNotFoundError):
            folder.check_private()
            address = folder.find_address()
            if address is not None:
                yield address


def _connect_own(settings: HostSettings, folder: HostFolder) -> HostLink:
    """Connects to the host of a folder, after starting it where there is none.

    Raises `RuntimeFailure`, and FileNotFoundError where a host that ends has removed the folder.
    """
    folder.create()
    with suppress(OSError):
        return _connect_there(folder)
    with open(folder.lock, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another task has started it meanwhile.
        with suppress(OSError):
            return _connect_there(folder)
        _start(settings, folder)
    return _connect_there(folder)


def _connect_there(folder: HostFolder) -> HostLink:
    """Raises OSError where no host answers."""
    address = folder.find_address()
    if address is None:
        raise FileNotFoundError(folder.path)
    return HostLink(address)


def _start(settings: HostSettings, folder: HostFolder) -> None:
    """Starts the host and waits until it listens. It ends with the executor, or when it is idle."""
    node = settings.node or settings.find_bundled_node() or shutil.which("node")
    if node is None:
        raise RuntimeFailure(
            "runtime/host-not-started",
            "the Fn API host needs Node.js, and this machine has no `node` in its PATH",
            hint="install Node.js 20 there, name it with spark.beam2spark.node, or compile with "
            "--bundle-node",
        )
    words = [
        *(node, str(settings.find_program()), "--listen", folder.prepare()),
        *("--owner", str(_find_executor()), "--idle-seconds", str(_IDLE_SECONDS)),
        *("--folder", str(folder.path), *settings.words),
    ]
    with open(folder.log, "ab") as log:
        child = _run_host(words, log)
    assert child.stdout is not None
    with child.stdout:
        line = child.stdout.readline().decode("utf-8", "replace").rstrip("\n")
    if not line.startswith(_LISTENING):
        raise RuntimeFailure(
            "runtime/host-not-started",
            f"the Fn API host has ended at its start: {folder.read_log_end()}",
        )
    folder.keep_address(line.removeprefix(_LISTENING))


def _run_host(words: list[str], log: BinaryIO) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    except OSError as error:
        raise RuntimeFailure(
            "runtime/host-not-started",
            f"the Fn API host's Node.js can't be run: {error}",
            hint="name another one with spark.beam2spark.node",
        ) from None


def _find_executor() -> int:
    """The process that a host ends with: the executor, which is our parent's parent, the daemon
    being between us.
    """
    return os.getpid() if TaskContext.get() is None else _find_parent(os.getppid())


@lru_cache(maxsize=1)
def _find_parent(process: int) -> int:
    """The parent of a process that has one, else the process."""
    try:
        parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        parent = _ask_for_parent(process)
    return int(parent) if parent.isdigit() and int(parent) > 1 else process


def _ask_for_parent(process: int) -> str:
    try:
        return subprocess.run(
            ["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        # A small image may have no ps.
        return ""
