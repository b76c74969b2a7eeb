"""A worker of Beam's Go SDK that is built in a minute where nothing of Beam's is built yet."""

import os
import shutil
import subprocess
import sys

from cases import FIXTURES, ROOT

CONFORMANCE = os.path.join(ROOT, "test", "conformance")
sys.path.insert(0, CONFORMANCE)

from go_module import copy_beam  # noqa: E402

PLACE = os.path.join(ROOT, "build", "go-worker")
SOURCE = os.path.join(FIXTURES, "go-combines", "pipeline.go")
# What Google's cloud needs is two thirds of all that a worker is built of; nothing here uses it.
_PROFILER = "cloud.google.com/go/profiler"
_NO_PROFILER = """package noprofiler

type Config struct{ Service, ServiceVersion string }

func Start(Config) error { return nil }
"""


def build_worker():
    """Builds the program of the fixture go-combines, which is its own worker; gives its path.

    Go keeps what it has built in its own cache. Raises AssertionError if there is no Go, or Beam is
    not the one that this was written for, and CalledProcessError if it can't be built.
    """
    assert shutil.which("go"), (
        "no go on the PATH: install Go, without it staged binaries go untested"
    )
    module, program = os.path.join(PLACE, "module"), os.path.join(PLACE, "worker")
    # In the same place, with the same contents: Go builds anew what has changed.
    leave_out_cloud(copy_beam(os.path.join(CONFORMANCE, "go"), module))
    # Nobody asks how fast it runs: without optimising, and without C, it is built in three quarters
    # of the time.
    subprocess.run(
        ["go", "build", "-gcflags=all=-N -l", "-o", program, SOURCE],
        cwd=module,
        env={**os.environ, "CGO_ENABLED": "0"},
        check=True,
    )
    return program


def leave_out_cloud(beam):
    """Empties the parts of a copy of Beam that need Google's cloud, and are not called."""
    package = os.path.join(beam, "go", "pkg", "beam")
    harness = os.path.join(package, "core", "runtime", "harness", "harness.go")
    with open(harness, encoding="utf-8") as file:
        text = file.read()
    assert text.count(f'"{_PROFILER}"') == 1, f"{harness} has no profiler"
    ours = "github.com/apache/beam/sdks/v2/go/pkg/beam/noprofiler"
    write(harness, text.replace(f'"{_PROFILER}"', f'profiler "{ours}"'))
    write(os.path.join(package, "noprofiler", "profiler.go"), _NO_PROFILER)
    storage = os.path.join(package, "io", "filesystem", "gcs")
    shutil.rmtree(storage)
    write(os.path.join(storage, "gcs.go"), "package gcs\n")


def write(path, text):
    """Writes a file, and its folder if need be."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
