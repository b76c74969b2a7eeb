"""An emitted job.py, loaded by a process that runs many of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .job import Job

Build = Callable[[Job], None]


def load_build(folder: Path, name: str) -> Build:
    """The `build` of a project's job.py, run as a module of this name that nobody can import.

    Nothing of it stays behind: no entry among the modules, none in the path, no file of bytecode.
    """
    path = folder / "job.py"
    namespace = {"__name__": name, "__file__": str(path)}
    exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), namespace)
    return namespace["build"]
