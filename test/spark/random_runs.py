"""Runs random programs on FnApiRunner and on a Job service, and compares what they record."""

import json
import os
import sys
import tempfile
import uuid

import apache_beam as beam
import random_programs
from apache_beam.internal.cloudpickle import cloudpickle
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.portability.portable_runner import PortableRunner
from records import compare_records, read_records

# Workers have neither of these modules: what they hold travels inside the pipeline.
cloudpickle.register_pickle_by_value(sys.modules[__name__])
cloudpickle.register_pickle_by_value(random_programs)


class RecordInFolder(beam.DoFn):
    """Records value, timestamp, window and pane of every element in a file for each bundle."""

    def __init__(self, folder, label):
        self.folder = folder
        self.label = label

    def start_bundle(self):
        self.records = []

    def process(
        self,
        element,
        timestamp=beam.DoFn.TimestampParam,
        window=beam.DoFn.WindowParam,
        pane=beam.DoFn.PaneInfoParam,
    ):
        self.records.append(
            {
                "label": self.label,
                "value": repr(element),
                "timestamp": timestamp.micros,
                "window": str(window),
                "pane": f"{pane.is_first}/{pane.timing}/{pane.index}",
            }
        )

    def finish_bundle(self):
        hidden = os.path.join(self.folder, f".{uuid.uuid4().hex}")
        with open(hidden, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in self.records)
        os.rename(hidden, hidden.replace("/.", "/records-"))


def run_program(seed, steps, runner, options, folder):
    """Runs the program of a seed; its records are left in the folder."""
    os.makedirs(folder)
    pipeline = beam.Pipeline(runner, options)
    program = random_programs.Program(pipeline, seed, lambda label: RecordInFolder(folder, label))
    program.build(steps)
    pipeline.run().wait_until_finish()


def compare_program(seed, steps, endpoint, folder):
    """The differences between Beam's own run of a seed's program and the service's."""
    here, there = (os.path.join(folder, f"{name}-{seed}") for name in ("beam", "spark"))
    run_program(seed, steps, FnApiRunner(), PipelineOptions([]), here)
    options = PipelineOptions([f"--job_endpoint={endpoint}"])
    run_program(seed, steps, PortableRunner(), options, there)
    expected = read_records(here)
    return len(expected), compare_records(expected, read_records(there))


def main():
    """Tries the programs of a range of seeds: `random_runs.py ENDPOINT FIRST LAST STEPS`."""
    endpoint, first, last, steps = sys.argv[1], *map(int, sys.argv[2:5])
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            count, problems = compare_program(seed, steps, endpoint, folder)
        print(f"{seed}: {count} records, {len(problems)} differences", *problems[:6], sep="\n  ")


if __name__ == "__main__":
    main()
