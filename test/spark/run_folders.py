"""Where a run of one fixture leaves its records and files, and how they get there."""

import contextlib
import fcntl
import os
import shutil

SHARED = "/tmp/beam2spark-fixtures"
OUTPUTS = os.path.join(SHARED, "outputs")


@contextlib.contextmanager
def shared_outputs(name):
    """Holds the one place where a fixture's captured pipelines write, against other runs of it on
    this machine.
    """
    locks = os.path.join(SHARED, "locks")
    os.makedirs(locks, exist_ok=True)
    with open(os.path.join(locks, name), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def clear_run(name, record_folder):
    """Makes an empty record folder and removes what an earlier run of the fixture wrote."""
    shutil.rmtree(os.path.join(OUTPUTS, name), ignore_errors=True)
    os.makedirs(record_folder, exist_ok=True)
    for entry in os.listdir(record_folder):
        os.remove(os.path.join(record_folder, entry))


def collect_run(name, record_folder, result_folder):
    """Moves a finished run's records and written files to `records` and `files` below a folder."""
    records = os.path.join(result_folder, "records")
    os.makedirs(records)
    for entry in os.listdir(record_folder):
        shutil.move(os.path.join(record_folder, entry), os.path.join(records, entry))
    written = os.path.join(OUTPUTS, name)
    if os.path.isdir(written):
        shutil.move(written, os.path.join(result_folder, "files"))
