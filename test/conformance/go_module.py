"""Beam's module for Go, of the version that `go/go.mod` pins, as Go's own module cache has it."""

import os
import shutil
import subprocess

MODULE = "github.com/apache/beam/sdks/v2"


def find_module(module_folder):
    """The folder of Beam's module, which Go downloads if it is not there yet."""
    subprocess.run(["go", "mod", "download", MODULE], cwd=module_folder, check=True)
    listed = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", MODULE],
        cwd=module_folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.strip()


def copy_beam(module_folder, folder):
    """Copies a module that needs Beam's, with a copy of Beam's that may be changed: its folder."""
    module = find_module(module_folder)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(module_folder, folder)
    beam = os.path.join(folder, "beam")
    for name in ("go", "go.mod", "go.sum"):
        source, target = os.path.join(module, name), os.path.join(beam, name)
        # Go's own copies can't be written to.
        if name == "go":
            shutil.copytree(source, target, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, target)
    for place, _, _ in os.walk(beam):
        os.chmod(place, 0o755)
    subprocess.run(
        ["go", "mod", "edit", f"-replace={MODULE}=./beam"],
        cwd=folder,
        check=True,
    )
    return beam
