"""What a benchmark ran on."""

import importlib.metadata
import os
import platform
import subprocess


def read_memory():
    """The machine's memory in GiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def read_version(command):
    """The first line that a command says about its version."""
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return (result.stdout or result.stderr).splitlines()[0]


def describe_machine():
    """Cores, memory, load and versions, in two lines."""
    cores = len(os.sched_getaffinity(0))
    versions = [
        f"{name} {importlib.metadata.version(name)}"
        for name in ("pyspark", "apache-beam", "pyarrow")
    ]
    system = f"{platform.system()} {platform.machine()}"
    return (
        f"machine   {cores} cores, {read_memory():.0f} GiB memory, {system}, "
        f"load {os.getloadavg()[0]:.1f} at the start\n"
        f"versions  Python {platform.python_version()}, {', '.join(versions)}, "
        f"Node {read_version(['node', '--version'])}, {read_version(['java', '-version'])}"
    )
