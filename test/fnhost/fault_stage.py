"""Writes the stage of `test/fnhost/faults.python.test.ts`: `python fault_stage.py FOLDER`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
from apache_beam.metrics import Metrics


class Obeys(beam.DoFn):
    """Does as its element says."""

    def process(self, element: str) -> Iterator[str]:
        """Gives the element, and the worker that it was in, after it has obeyed it."""
        Metrics.counter("obeys", "elements").inc()
        command, _, rest = element.partition(" ")
        if command == "fail":
            raise_error(rest)
        if command == "sleep":
            time.sleep(float(rest))
        if command == "log":
            logging.warning("heard %s", rest)
        if command == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if command == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        yield f"{os.environ['WORKER_ID']} {element}"


def raise_error(text: str) -> None:
    """Fails as a user's function does, some calls below Beam's."""
    try:
        {}["missing"]
    except KeyError:
        raise ValueError(f"don't like {text}\nat all") from None


def main(folder: str) -> None:
    """Writes the files."""
    from fault_stage import Obeys
    from stage_files import UTF8, Output, StageFiles, capture, layout

    def build(pipeline: beam.Pipeline) -> None:
        texts = pipeline | "In" >> beam.Create([]).with_output_types(str)
        texts | "Outer/Obey" >> beam.ParDo(Obeys()).with_output_types(str)

    rows = layout(UTF8)
    files = StageFiles(capture(build), "obey", ["Outer/Obey"], rows, [Output("Outer/Obey", rows)])
    files.write(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
