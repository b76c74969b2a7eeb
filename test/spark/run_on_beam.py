"""Runs fixture programs, unchanged, on Beam's FnApiRunner.

    python run_on_beam.py RESULTS NAME ...

RESULTS/NAME gets the run's `records` and `files`. One process runs all of them, each as the main
module, because importing Beam takes longer than any of them.
"""

import os
import runpy
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures"))

from inputs import write_inputs  # noqa: E402
from run_folders import clear_run, collect_run, shared_outputs  # noqa: E402

RUNNER = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
FIXTURES = sys.path[0]


def run_fixture(name, results):
    """Runs one program and collects what it left."""
    record_folder = os.path.join(results, f".{name}")
    os.environ["BEAM2SPARK_RECORD_DIR"] = record_folder
    clear_run(name, record_folder)
    sys.argv = ["pipeline.py", f"--runner={RUNNER}"]
    runpy.run_path(os.path.join(FIXTURES, name, "pipeline.py"), run_name="__main__")
    collect_run(name, record_folder, os.path.join(results, name))


if __name__ == "__main__":
    folder, names = sys.argv[1], sys.argv[2:]
    write_inputs()
    for fixture in names:
        with shared_outputs(fixture):
            run_fixture(fixture, folder)
