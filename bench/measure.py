"""Runs a command and measures it: wall time, and the peak memory of every process below it."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass, field

SAMPLE_SECONDS = 0.05


@dataclass
class ProcessPeak:
    """The most memory that one process held (VmHWM), in bytes."""

    command: str
    peak: int


@dataclass
class Measurement:
    """One run of a command."""

    seconds: float
    status: int
    output: str
    processes: dict[int, ProcessPeak] = field(default_factory=dict)

    def peak_of(self, *parts, without=None):
        """The highest peak among processes whose command line holds all of these, and not that."""
        matching = [
            process.peak
            for process in self.processes.values()
            if all(part in process.command for part in parts)
            and (without is None or without not in process.command)
        ]
        return max(matching, default=0)


class FailedRun(Exception):
    """A measured command that ended with a status other than zero."""


def read_parents():
    """Process id to parent's id, for all processes."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    return parents


def list_tree(root):
    """The process and all that descend from it."""
    children = {}
    for process, parent in read_parents().items():
        children.setdefault(parent, []).append(process)
    tree, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        tree.append(process)
        waiting += children.get(process, [])
    return tree


def read_peak(process):
    """A process's command line and highest resident memory so far; None once it is gone."""
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            command = file.read().replace(b"\0", b" ").decode(errors="replace").strip()
        with open(f"/proc/{process}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return ProcessPeak(command, int(line.split()[1]) * 1024)
    except OSError:
        return None
    return None


def read_resident(process):
    """A process's resident memory now, in bytes; none once it is gone."""
    try:
        with open(f"/proc/{process}/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def watch_memory(root, processes, stop):
    """Samples the tree until told to stop; keeps each process's highest peak."""
    while not stop.wait(SAMPLE_SECONDS):
        for process in list_tree(root):
            seen = read_peak(process)
            if seen and seen.peak >= processes.get(process, ProcessPeak("", 0)).peak:
                processes[process] = seen


def measure(command, environment=None, folder=None, memory=False):
    """Runs a command to its end. Raises FailedRun, with the end of its output, if it fails."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    processes, stop = {}, threading.Event()
    watcher = threading.Thread(target=watch_memory, args=(child.pid, processes, stop))
    if memory:
        watcher.start()
    try:
        output, _ = child.communicate()
        seconds = time.perf_counter() - started
    finally:
        stop.set()
        if memory:
            watcher.join()
    if child.returncode != 0:
        raise FailedRun(f"{' '.join(command)}\nended with {child.returncode}:\n{output[-4000:]}")
    return Measurement(seconds, child.returncode, output, processes)
