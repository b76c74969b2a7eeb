"""Files below a temp location that only Beam's file systems reach: copied once, and removed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from apache_beam.io.localfilesystem import LocalFileSystem
from beam2spark_runtime import shared_files
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.shared_files import (
    create_file,
    find_local_path,
    make_readable,
    release_copies,
)

_opened: list[str] = []


class RemoteFileSystem(LocalFileSystem):
    """A file system that Beam knows and the machine doesn't; it keeps its files in a folder."""

    @classmethod
    def scheme(cls) -> str:
        return "remote"

    def create(self, path, *arguments, **keywords):
        local = path.removeprefix("remote:")
        Path(local).parent.mkdir(parents=True, exist_ok=True)
        return super().create(local, *arguments, **keywords)

    def open(self, path, *arguments, **keywords):
        _opened.append(path)
        return super().open(path.removeprefix("remote:"), *arguments, **keywords)


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A folder of the remote file system; this process stands for an executor's."""
    monkeypatch.setenv("SPARK_LOCAL_DIRS", f"{tmp_path}/spark,{tmp_path}/other")
    _opened.clear()
    yield f"remote://{tmp_path}/far away"
    release_copies()


def test_paths_of_the_machine_are_used_as_they_are(tmp_path: Path) -> None:
    assert find_local_path("file:/a b/c") == "/a b/c"
    assert find_local_path("file:///a/c") == "/a/c"
    assert find_local_path("hdfs://host/a") is None
    path = f"file:{tmp_path}/deep/rows"
    with create_file(path) as file:
        file.write(b"rows")
    assert Path(make_readable(path)).read_bytes() == b"rows"
    with pytest.raises(RuntimeFailure, match="runtime/temp-location-unreachable"):
        make_readable(f"file:{tmp_path}/missing")


def test_a_remote_file_is_copied_once_and_removed_when_nobody_reads_it(
    remote: str, tmp_path: Path
) -> None:
    path = f"{remote}/rows-1"
    with create_file(path) as file:
        file.write(b"rows" * 1000)
    copies = {make_readable(path) for _ in range(3)}
    (copy,) = copies
    assert Path(copy).read_bytes() == b"rows" * 1000
    assert copy.startswith(str(tmp_path / "spark"))
    assert len(_opened) == 1
    release_copies()
    assert not Path(copy).exists()
    assert Path(make_readable(path)).read_bytes() == b"rows" * 1000


def test_copies_stay_while_another_process_reads_them(remote: str) -> None:
    path = f"{remote}/rows-1"
    with create_file(path) as file:
        file.write(b"rows")
    copy = make_readable(path)
    (folder,) = shared_files._held
    script = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, fcntl.LOCK_SH); print(1)"
    script += "; sys.stdout.flush(); sys.stdin.read()"
    reader = subprocess.Popen(
        [sys.executable, "-c", script, f"{folder}.lock"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert reader.stdout is not None and reader.stdout.readline() == b"1\n"
    release_copies()
    assert Path(copy).exists()
    reader.communicate()
    release_copies()
    assert not Path(copy).exists()


@pytest.mark.usefixtures("remote")
def test_a_file_system_that_beam_lacks_is_refused_by_name() -> None:
    with pytest.raises(RuntimeFailure, match="runtime/temp-location-unreachable"):
        with create_file("unheard://host/rows"):
            pass
    with pytest.raises(RuntimeFailure, match=r"unheard://host/rows"):
        make_readable("unheard://host/rows")
