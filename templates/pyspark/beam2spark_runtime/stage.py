"""A stage in an emitted job: its schema, and the function that Spark runs over its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.accumulators import Accumulator

from .batch_reader import BatchReader
from .bundle_thread import BundleThread
from .errors import RuntimeFailure
from .metrics import Infos
from .processor import StageProcessor
from .report_task import report_task
from .stage_description import StageDescription
from .stored_rows import StoredRows
from .task_reports import Reports
from .thread_cache import borrow_thread, return_thread
from .worker_log import task_log
from .worker_setup import WorkerSetup


class Stage:
    """`frame.mapInArrow(stage.process, stage.schema)` runs the stage over a DataFrame.

    It travels to the workers whole: description, side inputs (as broadcasts, or where they are
    stored) and what the workers need to know before they unpickle anything. `serial` tells the
    stages of one job apart.
    """

    def __init__(
        self,
        description: StageDescription,
        schema: str,
        side_inputs: list[Any],
        setup: WorkerSetup,
        reports: Accumulator[Reports],
        serial: int,
    ):
        self.description = description
        self.schema = schema
        self._side_inputs = side_inputs
        self._setup = setup
        self._reports = reports
        # The worker processes are the application's own, and so is the accumulator's id the job's.
        self._key = (reports.aid, serial)

    def process(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Runs a partition's rows through the stage. Without rows there is no bundle."""
        rows = BatchReader(batches)
        if not rows.has_next():
            return
        self._setup.prepare()
        # What is left of a task that was stopped is none of this one's.
        task_log.take()
        thread = borrow_thread(self._key, lambda: BundleThread(self._create_processor))
        metrics: Infos = []
        try:
            yield from thread.process(rows, metrics.extend)
        except RuntimeFailure as failure:
            raise failure.with_log(task_log.take()) from None
        finally:
            return_thread(self._key, thread)
        report_task(self._reports, self.description.name, metrics)

    def _create_processor(self) -> StageProcessor:
        options = self._setup.options
        return StageProcessor(
            self.description,
            self._read_side_input,
            options.max_stored_group_bytes,
            options.bundle_bytes,
            options.state_memory_bytes,
        )

    def _read_side_input(self, index: int) -> pa.Table | StoredRows:
        rows = self._side_inputs[index]
        if isinstance(rows, StoredRows):
            return rows
        return pa.ipc.open_stream(rows.value).read_all()
