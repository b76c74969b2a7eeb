"""Where the hosts that tasks of a machine start have their sockets, their locks and their logs."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from .errors import RuntimeFailure

# Not in TMPDIR, which may be so long that a socket's path in it is none.
_SHORT_PARENT = "/tmp"
_ANY_PORT = "127.0.0.1:0"
# Most bytes of a socket's path.
_LONGEST_SOCKET = 107 if sys.platform == "linux" else 103


class HostFolder:
    """The folder of a host on this machine: one of those that an executor of an application has."""

    def __init__(self, path: Path):
        self.path = path
        self.lock = path / "lock"
        self.log = path / "log"
        self._socket = path / "link"
        self._address = path / "address"

    def find_address(self) -> str | None:
        """Where the host listens, if one was started."""
        if self._has_socket():
            return f"unix:{self._socket}"
        with suppress(FileNotFoundError):
            return self._address.read_text()
        return None

    def prepare(self) -> str:
        """Removes what a host has left; gives where the next one is to listen: at a socket, or,
        where its path is too long, at any port of the loopback interface.
        """
        self._socket.unlink(missing_ok=True)
        self._address.unlink(missing_ok=True)
        return f"unix:{self._socket}" if self._has_socket() else _ANY_PORT

    def keep_address(self, address: str) -> None:
        """Tells other tasks where the host listens."""
        written = self.path / "address.new"
        written.write_text(address)
        written.rename(self._address)

    def create(self) -> None:
        """Makes it, if it isn't there. Raises as `check_private` does."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        self.check_private()

    def check_private(self) -> None:
        """Raises `RuntimeFailure` unless it is ours, and nobody else's to look into;
        FileNotFoundError where it has gone.
        """
        found = self.path.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if not is_ours or found.st_mode & 0o077:
            raise RuntimeFailure(
                "runtime/host-not-started",
                f"the folder {self.path} is open to others on this machine",
            )

    def read_log_end(self) -> str:
        """The end of what the host has said."""
        return self.log.read_text("utf-8", "replace")[-2000:]

    def _has_socket(self) -> bool:
        return len(os.fsencode(self._socket)) <= _LONGEST_SOCKET


def host_folder(application: str, executor: int, number: int) -> HostFolder:
    """The folder of one of an executor's hosts. Executors that share a machine share none: a host
    ends with the one that has started it.
    """
    return HostFolder(_parent() / f"{_prefix(application)}{executor}-{number}")


def list_host_folders(application: str) -> list[HostFolder]:
    """The folders that an application has on this machine."""
    return [HostFolder(path) for path in sorted(_parent().glob(f"{_prefix(application)}*"))]


def _parent() -> Path:
    can_write = os.access(_SHORT_PARENT, os.W_OK | os.X_OK)
    return Path(_SHORT_PARENT if can_write else tempfile.gettempdir())


def _prefix(application: str) -> str:
    digest = hashlib.sha256(application.encode()).hexdigest()[:16]
    return f"beam2spark-host-{os.getuid()}-{digest}-"
