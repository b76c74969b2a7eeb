"""The file that verdicts are written to."""

import json
import os


def write_records(records, file):
    """Writes the verdicts so far, by the names of tests; the file is whole at any time."""
    partial = f"{file}.partial"
    with open(partial, "w", encoding="utf-8") as target:
        json.dump(records, target, indent=2)
    os.replace(partial, file)
