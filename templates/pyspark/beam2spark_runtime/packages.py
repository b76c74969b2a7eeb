"""Staged packages: installed into an archive before the job, found on the workers' path during it.

`python -m beam2spark_runtime.packages ARTIFACTS_DIR OUT.zip` does what the boot program of Beam's
container does with staged files: requirements first, then extra packages, then the workflow's own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from pyspark import SparkFiles

# The name that `spark-submit --archives x.zip#beam2spark_packages` unpacks the archive under.
ARCHIVE_NAME = "beam2spark_packages"

_REQUIREMENTS = "requirements.txt"
_EXTRA_PACKAGES = "extra_packages.txt"
_WORKFLOW = "workflow.tar.gz"
_PACKAGE_SUFFIXES = (".whl", ".tar.gz", ".zip")


def add_packages() -> None:
    """Puts the unpacked archive, if the job came with one, at the head of this process's path."""
    for root in _unpacked_roots():
        folder = root / ARCHIVE_NAME
        if folder.is_dir():
            if str(folder) not in sys.path:
                sys.path.insert(0, str(folder))
            return


def _unpacked_roots() -> list[Path]:
    try:
        return [Path.cwd(), Path(SparkFiles.getRootDirectory())]
    except AssertionError:
        # Neither a driver nor a worker of Spark's.
        return [Path.cwd()]


def install_packages(artifacts: Path, target: Path) -> list[str]:
    """Installs what lies staged in a folder into another; returns the names of what it installed.

    Nothing is asked of an index that lies in the folder itself: requirements are looked for there
    first. Raises `subprocess.CalledProcessError` where pip refuses.
    """
    installed: list[str] = []
    if (artifacts / _REQUIREMENTS).is_file():
        _install(["-r", str(artifacts / _REQUIREMENTS), "--find-links", str(artifacts)], target)
        installed.append(_REQUIREMENTS)
    for name in _list_packages(artifacts):
        _install_package(artifacts / name, target)
        installed.append(name)
    return installed


def _install_package(package: Path, target: Path) -> None:
    """Installs one staged package, built with the tools at hand or, if those can't, with pip's."""
    try:
        _install(["--no-deps", "--no-index", "--no-build-isolation", str(package)], target)
    except subprocess.CalledProcessError:
        if package.suffix == ".whl":
            raise
        _install(["--no-deps", str(package)], target)


def _list_packages(artifacts: Path) -> list[str]:
    names: list[str] = []
    listing = artifacts / _EXTRA_PACKAGES
    if listing.is_file():
        names += [line.strip() for line in listing.read_text().splitlines() if line.strip()]
    elif not (artifacts / _REQUIREMENTS).is_file():
        names += sorted(f.name for f in artifacts.iterdir() if f.name.endswith(_PACKAGE_SUFFIXES))
    if (artifacts / _WORKFLOW).is_file() and _WORKFLOW not in names:
        names.append(_WORKFLOW)
    for name in names:
        if Path(name).name != name or not (artifacts / name).is_file():
            raise ValueError(f"the staged package {name!r} is not a file of {artifacts}")
    return names


def _install(arguments: Sequence[str], target: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "--upgrade", "--target", str(target), *arguments], check=True)


def write_archive(folder: Path, out: Path) -> None:
    """Writes a folder as a zip, its entries in order and without their times."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                entry.external_attr = (path.stat().st_mode & 0o777) << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main(arguments: Sequence[str]) -> int:
    """Installs and archives. Writes nothing, and says so, where no package is staged."""
    if len(arguments) != 2:
        print("usage: python -m beam2spark_runtime.packages ARTIFACTS_DIR OUT.zip", file=sys.stderr)
        return 2
    artifacts, out = map(Path, arguments)
    with tempfile.TemporaryDirectory(prefix="beam2spark-packages-") as folder:
        try:
            installed = install_packages(artifacts, Path(folder))
        except subprocess.CalledProcessError as error:
            print(f"error runtime/package-install\n  why  {error}", file=sys.stderr)
            return 1
        if not installed:
            print("no packages are staged", file=sys.stderr)
            return 0
        write_archive(Path(folder), out)
    print(f"installed {', '.join(installed)} into {out.name}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
