"""Files below the temp location, as tasks write and read them: paths that Hadoop has qualified.

What lies in a file system that the machine mounts is opened as it is. Anything else goes through
Beam's file systems, and an executor that reads a file copies it once to its local disk.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import IO, BinaryIO

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from .errors import RuntimeFailure

_LOCK = ".lock"

# The folders of copies that this process reads, by the descriptor of the lock that it shares.
_held: dict[str, int] = {}


@contextmanager
def create_file(path: str) -> Iterator[BinaryIO]:
    """A new file at a qualified path, open for writing, and its folder if need be.

    Raises `RuntimeFailure` (`runtime/temp-location-unreachable`) where Beam can't write there.
    """
    local = find_local_path(path)
    if local is not None:
        os.makedirs(os.path.dirname(local), exist_ok=True)
        with open(local, "wb") as file:
            yield file
        return
    with _open_with_beam(path, "create") as file:
        yield file


def make_readable(path: str) -> str:
    """The local path of a file: its own, or that of this executor's copy, made now if need be.

    Raises `RuntimeFailure` where neither this machine nor Beam's file systems reach it.
    """
    local = find_local_path(path)
    if local is None:
        return _copy_once(path)
    if not os.path.exists(local):
        raise _refuse(path, "it is not there on this machine")
    return local


def find_local_path(path: str) -> str | None:
    """The path within the machine's own file systems, None where it is no such path."""
    if path.startswith("file:"):
        return "/" + path.removeprefix("file:").lstrip("/")
    return path if path.startswith("/") else None


def release_copies() -> None:
    """Says that this process reads no copies any more, and removes those that nobody reads."""
    while _held:
        os.close(_held.popitem()[1])
    root = _find_root()
    for name in os.listdir(root) if os.path.isdir(root) else []:
        folder = os.path.join(root, name.removesuffix(_LOCK))
        if not name.endswith(_LOCK) or not os.path.isdir(folder):
            continue
        with suppress(OSError):
            with open(os.path.join(root, name), "rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)


def _copy_once(path: str) -> str:
    """The executor's copy. The first process makes it, while the others wait."""
    folder = os.path.join(_find_root(), _digest(os.path.dirname(path)))
    os.makedirs(folder, exist_ok=True)
    if folder not in _held:
        descriptor = os.open(folder + _LOCK, os.O_RDONLY | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[folder] = descriptor
        # The last one to leave may have removed it meanwhile.
        os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, _digest(path))
    with open(target + _LOCK, "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(target):
            with _open_with_beam(path, "open") as source, open(f"{target}.part", "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            os.rename(f"{target}.part", target)
    return target


def _open_with_beam(path: str, how: str) -> IO[bytes]:
    try:
        return getattr(FileSystems, how)(path, compression_type=CompressionTypes.UNCOMPRESSED)
    except Exception as error:
        raise _refuse(path, f"Beam's file systems say: {error}") from error


def _refuse(path: str, reason: str) -> RuntimeFailure:
    return RuntimeFailure(
        "runtime/temp-location-unreachable",
        f"tasks have to write and read {path}, but {reason}",
        hint="give a --temp-location on a file system that all executors mount or that Beam knows "
        "(its extras gcp, aws, azure; pipeline options for hdfs), or raise "
        "spark.beam2spark.maxSideInputBytes",
    )


def _find_root() -> str:
    """A folder that all of an executor's processes share. Spark removes its own with it."""
    folders = os.environ.get("SPARK_LOCAL_DIRS") or tempfile.gettempdir()
    return os.path.join(folders.split(",")[0], "beam2spark-copies")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
