"""Finds the Fn API host of this machine, or starts it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pyspark import SparkFiles, TaskContext

from .errors import RuntimeFailure
from .host_link import HostLink

HOST_FOLDER = "beam2spark_host"
_PROGRAM = "index.mjs"
_SOCKET = "link"
_NODE = "node"
_IDLE_SECONDS = 120
_ATTEMPTS = 5
_UNIX = "unix:"
_REPLACEMENT_SECONDS = 10


@dataclass(frozen=True)
class HostSettings:
    """How a job's tasks reach the host.

    `address` is where one listens already (`unix:PATH` or `HOST:PORT`), else the first task on a
    machine starts one; `application` names those that share it. `files` has the host's program and
    the project's artifacts: a folder of this machine, or, `is_shipped`, the name of one that Spark
    has brought to each executor. `node` is the Node.js to run it with,
    `words` are further ones of its command line.
    """

    job: str
    application: str
    address: str | None
    files: str
    is_shipped: bool
    node: str | None
    words: tuple[str, ...]

    def find_artifacts(self) -> str:
        """The folder with the project's artifacts, empty where it has none."""
        folder = self._find_files() / "artifacts"
        return str(folder) if folder.is_dir() else ""

    def find_bundled_node(self) -> str | None:
        """The Node.js that travels with the project, if one does."""
        node = self._find_files() / HOST_FOLDER / _NODE
        if not node.is_file():
            return None
        if not os.access(node, os.X_OK):
            node.chmod(0o755)
        return str(node)

    def find_program(self) -> Path:
        """The host's program."""
        return self._find_files() / HOST_FOLDER / _PROGRAM

    def _find_files(self) -> Path:
        return Path(SparkFiles.get(self.files) if self.is_shipped else self.files)


def connect(settings: HostSettings) -> HostLink:
    """A task's connection to the host, which is started where there is none.

    Raises `RuntimeFailure` (`runtime/host-unreachable`, `runtime/host-not-started`).
    """
    if settings.address is not None:
        return _connect_to(settings.address)
    # A host that ends takes its folder along, and may do so just now.
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            return _connect_own(settings)
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
    """Tells a host on this machine that a job is over, if there is one; nothing is made for it."""
    address = settings.address
    if address is None:
        folder = _own_folder(settings.application)
        if not folder.exists():
            return
        _check_private(folder)
        address = f"unix:{folder / _SOCKET}"
    try:
        link = HostLink(address)
    except OSError:
        return
    try:
        link.end_job(settings.job)
    finally:
        link.close()


def _connect_own(settings: HostSettings) -> HostLink:
    """Connects to the application's host on this machine, after starting it where there is none.

    Raises `RuntimeFailure`, and FileNotFoundError where a host that ends has removed the folder.
    """
    folder = _own_folder(settings.application)
    folder.mkdir(mode=0o700, exist_ok=True)
    _check_private(folder)
    address = f"unix:{folder / _SOCKET}"
    with suppress(OSError):
        return HostLink(address)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Another task has started it meanwhile.
        with suppress(OSError):
            return HostLink(address)
        _start(settings, folder, address)
    return HostLink(address)


def _own_folder(application: str) -> Path:
    """The folder of an application's host."""
    digest = hashlib.sha256(application.encode()).hexdigest()[:16]
    # Not in TMPDIR, which may be so long that a socket's path in it is none.
    return Path("/tmp") / f"beam2spark-host-{os.getuid()}-{digest}"


def _check_private(folder: Path) -> None:
    """Raises `RuntimeFailure` unless a folder is ours, and nobody else's to look into."""
    found = folder.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if not is_ours or found.st_mode & 0o077:
        raise RuntimeFailure(
            "runtime/host-not-started", f"the folder {folder} is open to others on this machine"
        )


def _start(settings: HostSettings, folder: Path, address: str) -> None:
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
        *(node, str(settings.find_program()), "--listen", address),
        *("--owner", str(_find_executor()), "--idle-seconds", str(_IDLE_SECONDS)),
        *("--folder", str(folder), *settings.words),
    ]
    (folder / _SOCKET).unlink(missing_ok=True)
    with open(folder / "log", "ab") as log:
        child = _run_host(words, log)
    assert child.stdout is not None
    with child.stdout:
        line = child.stdout.readline()
    if not line.startswith(b"listening on "):
        tail = (folder / "log").read_text("utf-8", "replace")[-2000:]
        raise RuntimeFailure(
            "runtime/host-not-started", f"the Fn API host has ended at its start: {tail}"
        )


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
    if TaskContext.get() is None:
        return os.getpid()
    parent = os.getppid()
    try:
        found = subprocess.run(
            ["ps", "-o", "ppid=", "-p", str(parent)], capture_output=True, text=True, check=False
        )
    except OSError:
        # A small image may have no ps.
        return parent
    grandparent = found.stdout.strip()
    return int(grandparent) if grandparent.isdigit() and int(grandparent) > 1 else parent
