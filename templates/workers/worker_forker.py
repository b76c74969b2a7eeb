"""Becomes Python SDK workers: imports what they import once, and forks for each that is ordered.

`src/workers/fork` starts it on Linux, as `worker_forker.py SOCKET MODULE PLACES`: where the host
listens, in the working directory, the module that a worker runs as `python -m` does, and the
PYTHONPATH of its first worker.

Each side sends JSON, an object a line. The host sends orders; here is said when all is imported
(`ready`), and of an order that a worker was forked (`process`), how it has ended (`ended`), or why
there is none (`refused`). A worker calls the host itself, says its number in a line when it is
about to run, and writes its output there.
"""

from __future__ import annotations

import builtins
import gc
import importlib
import importlib.util
import json
import os
import select
import signal
import socket
import sys
import threading
from functools import lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any, NamedTuple

_CUSTOMIZE = {"sitecustomize", "usercustomize"}
_STARTED_WITH = dict(os.environ)
_SAFE_PATH = getattr(sys.flags, "safe_path", False)
# We have no PYTHONPATH, so that modules of users have no part in our start.
_OWN_PATH = sys.path[0 if _SAFE_PATH else 1 :]
_INTERCEPTOR = "apache_beam.runners.worker.worker_id_interceptor"


class Order(NamedTuple):
    """One worker that is wanted."""

    number: int
    #: Its working directory.
    folder: str
    #: All its environment variables; what it finds in PYTHONPATH are absolute paths.
    variables: dict[str, str]
    #: A command that ends its session when its standard input ends; gets the worker's process id.
    guard: list[str]


class Imports:
    """What the worker's module has imported here, and whether a worker would import the same."""

    def __init__(self, module: str, path: list[str]):
        """Imports the module, as if nobody had yet. Raises whatever it raises."""
        self._path = path
        self._stamps = {place: _stamp(place) for place in path}
        self._read: set[str] = set()
        missing = _MissingModules()
        sys.meta_path.append(missing)
        environment: Any = type(os.environ)
        get_item = environment.__getitem__

        def record(variables: Any, name: str) -> str:
            self._read.add(name)
            return get_item(variables, name)

        environment.__getitem__ = record
        # Compiled modules would be written beside their sources, which looks like an installation.
        writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            importlib.import_module(module)
        finally:
            sys.dont_write_bytecode = writes_none
            environment.__getitem__ = get_item
            sys.meta_path.remove(missing)
        # It is to run as the main module, which is another one.
        del sys.modules[module]
        parent, _, name = module.rpartition(".")
        if parent:
            delattr(sys.modules[parent], name)
        names = {module.partition(".")[0]} | missing.names | _CUSTOMIZE
        names |= {name for name in sys.modules if "." not in name}
        self._found = {name: _locate(name, path) for name in names}
        used = {place for found in self._found.values() for place in _places_of(found, path)}
        self._stamps = {place: self._stamps[place] for place in used}

    def is_outdated(self) -> bool:
        """Whether something was installed meanwhile, or is no longer there."""
        return any(_stamp(place) != stamp for place, stamp in self._stamps.items())

    def find_difference(self, variables: dict[str, str]) -> str | None:
        """What of a worker's variables would have made a difference, when they differ from ours."""
        for name in find_changes(variables):
            is_read = name in self._read or name.startswith("PYTHON")
            if is_read and name not in ("PYTHONPATH", "WORKER_ID"):
                return name
        if "WORKER_ID" in self._read and _INTERCEPTOR not in sys.modules:
            return "WORKER_ID"
        path = make_path(variables)
        return None if path == self._path or self._finds_same(tuple(path)) else "PYTHONPATH"

    @lru_cache(maxsize=64)  # noqa: B019 - there is one, for as long as this process
    def _finds_same(self, path: tuple[str, ...]) -> bool:
        importlib.invalidate_caches()
        return all(_locate(name, list(path)) == found for name, found in self._found.items())


class _MissingModules:
    """The last finder: hears of what was looked for in vain, for instance what is optional."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if path is None:
            self.names.add(name)
        return None


def _stamp(place: str) -> int | None:
    try:
        return os.stat(place).st_mtime_ns
    except OSError:
        return None


def _locate(name: str, path: list[str]) -> tuple[str | None, tuple[str, ...]] | None:
    """Where a module would be found; of a package without code, all its parts."""
    spec = PathFinder.find_spec(name, path)
    if spec is None:
        return None
    return spec.origin, tuple(spec.submodule_search_locations or ())


def _places_of(found: tuple[str | None, tuple[str, ...]] | None, path: list[str]) -> list[str]:
    files = [] if found is None else [file for file in (found[0], *found[1]) if file]
    return [place for place in path if any(file.startswith(place + os.sep) for file in files)]


def make_path(variables: dict[str, str]) -> list[str]:
    """`sys.path` of an interpreter with a PYTHONPATH, without the place of the main module.

    As `site` makes it: a place that was there before is left out.
    """
    given = [place for place in variables.get("PYTHONPATH", "").split(os.pathsep) if place]
    return list(dict.fromkeys([*map(os.path.abspath, given), *_OWN_PATH]))


def find_changes(variables: dict[str, str]) -> dict[str, str]:
    """The variables of a worker that we were not started with."""
    return {name: value for name, value in variables.items() if _STARTED_WITH.get(name) != value}


def serve(host: socket.socket, imports: Imports) -> Order | None:
    """Forks a worker for each order. Returns in each of them, with its order, or at the end."""
    running: dict[int, tuple[int, int]] = {}
    poll = select.poll()
    poll.register(host, select.POLLIN)
    rest = b""
    while True:
        for descriptor, _ in poll.poll():
            if descriptor in running:
                number, process = running.pop(descriptor)
                poll.unregister(descriptor)
                os.close(descriptor)
                _, status = os.waitpid(process, 0)
                _tell(host, number=number, ended=_describe(os.waitstatus_to_exitcode(status)))
                continue
            received = host.recv(1 << 16)
            if not received:
                return None
            *lines, rest = (rest + received).split(b"\n")
            for line in lines:
                order = Order(**json.loads(line))
                refusal = _refuse(order, imports)
                if refusal is not None:
                    _tell(host, number=order.number, refused=refusal)
                    continue
                process = os.fork()
                if process == 0:
                    host.close()
                    for other in running:
                        os.close(other)
                    return order
                descriptor = os.pidfd_open(process)
                running[descriptor] = (order.number, process)
                poll.register(descriptor, select.POLLIN)
                _tell(host, number=order.number, process=process)


def _refuse(order: Order, imports: Imports) -> str | None:
    if imports.is_outdated():
        return "outdated"
    difference = imports.find_difference(order.variables)
    return None if difference is None else f"another {difference}"


def _tell(host: socket.socket, **words: object) -> None:
    host.sendall(json.dumps(words).encode() + b"\n")


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def become(order: Order, address: str) -> None:
    """Makes a fork the process that an order wants, in a session of its own."""
    os.setsid()
    host = socket.socket(socket.AF_UNIX)
    host.connect(address)
    guard = [*order.guard, str(os.getpid())]
    silence = [(os.POSIX_SPAWN_OPEN, target, os.devnull, os.O_WRONLY, 0) for target in (1, 2)]
    os.posix_spawn(
        guard[0],
        guard,
        order.variables,
        file_actions=[(os.POSIX_SPAWN_DUP2, host.fileno(), 0), *silence],
    )
    os.chdir(order.folder)
    # What Python and Beam have set since the start stays.
    os.environ.update(find_changes(order.variables))
    if "PWD" in os.environ:
        os.environ["PWD"] = order.folder
    sys.path[:] = make_path(order.variables)
    if not _SAFE_PATH:
        sys.path.insert(0, order.folder)
    importlib.invalidate_caches()
    if _INTERCEPTOR in sys.modules:
        interceptor = sys.modules[_INTERCEPTOR].WorkerIdInterceptor
        interceptor._worker_id = os.environ.get("WORKER_ID")
    # Python's own generator sees to itself.
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
    for target in (1, 2):
        os.dup2(host.fileno(), target)
    host.sendall(f"{order.number}\n".encode())
    host.close()


def run_module(module: str) -> None:
    """Runs a module as `python -m` does, in the main module that others know already."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.loader is not None
    code = spec.loader.get_code(module)  # type: ignore[attr-defined]
    sys.argv[:] = [spec.origin or module]
    sys.orig_argv[:] = [sys.orig_argv[0], "-m", module]
    main = vars(sys.modules["__main__"])
    main.clear()
    main.update(
        __name__="__main__",
        __file__=spec.origin,
        __cached__=spec.cached,
        __doc__=None,
        __loader__=spec.loader,
        __package__=spec.parent,
        __spec__=spec,
        __builtins__=builtins,
        __annotations__={},
    )
    exec(code, main)


def main(address: str, module: str, places: str) -> None:
    """Imports the module and forks workers until the host has gone; they end as the module does."""
    # Where there is none we are of no use.
    os.close(os.pidfd_open(os.getpid()))
    sys.path[:] = make_path({"PYTHONPATH": places})
    imports = Imports(module, list(sys.path))
    if threading.active_count() > 1:
        raise RuntimeError(f"{module} starts threads, which forks would not have")
    # What is imported by now is no garbage, and its memory is shared as long as nobody looks.
    gc.collect()
    gc.freeze()
    host = socket.socket(socket.AF_UNIX)
    host.connect(address)
    host.sendall(b"forker\n")
    _tell(host, ready=True)
    order = serve(host, imports)
    if order is not None:
        become(order, address)
        run_module(module)


main(*sys.argv[2:])
