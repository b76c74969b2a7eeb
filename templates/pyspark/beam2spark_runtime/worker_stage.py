"""A stage whose functions run in workers of their SDK: its rows go through the Fn API host."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa
from apache_beam.portability.api import metrics_pb2
from pyspark.accumulators import Accumulator

from .batch_reader import BatchReader
from .errors import RuntimeFailure
from .host_connection import HostSettings, connect
from .host_link import SideInputContent
from .link_messages import OpenStage, SideInputFiles
from .metrics import Infos
from .options import RuntimeOptions
from .output_rows import OutputRows
from .report_task import report_task
from .shared_files import make_readable
from .stage_description import StageDescription
from .stored_rows import StoredRows
from .task_reports import Reports
from .worker_log import task_log


class WorkerStage:
    """`frame.mapInArrow(stage.process, stage.schema)` runs the stage over a DataFrame.

    What Beam's model asks of a runner is done by the host, which gets the stage as it is.
    `arrow_schema` is `schema` as Arrow has it; `pipeline_options` is JSON by plain names.
    """

    def __init__(
        self,
        description: StageDescription,
        schema: str,
        arrow_schema: pa.Schema,
        side_inputs: Sequence[Any],
        host: HostSettings,
        pipeline_options: str,
        options: RuntimeOptions,
        reports: Accumulator[Reports],
    ):
        self.description = description
        self.schema = schema
        self._arrow_schema = arrow_schema
        self._side_inputs = side_inputs
        self._side_input_names = [_name_side_input(rows) for rows in side_inputs]
        self._host = host
        self._pipeline_options = pipeline_options
        self._options = options
        self._reports = reports

    def process(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Runs a partition's rows through the stage. Without rows there is no bundle."""
        rows = BatchReader(batches)
        if not rows.has_next():
            return
        task_log.take()
        outputs = OutputRows(self._arrow_schema, len(self.description.outputs))
        link = connect(self._host)
        try:
            results = link.run(self._open(), rows, self._read_side_input, _keep_log)
            for output, batch in results:
                yield outputs.assemble(output, batch.columns)
        except RuntimeFailure as failure:
            raise failure.with_log(task_log.take()) from None
        finally:
            link.close()
        infos: Infos = [
            metrics_pb2.MonitoringInfo.FromString(info) for info in link.monitoring_infos
        ]
        report_task(self._reports, self.description.name, infos)

    def _read_side_input(self, index: int) -> SideInputContent:
        rows = self._side_inputs[index]
        if not isinstance(rows, StoredRows):
            return rows.value
        buckets = {path: bucket for bucket, path in (rows.buckets or {}).items()}
        return SideInputFiles(
            paths=[make_readable(path) for path in rows.paths],
            buckets=[buckets[path] for path in rows.paths] if buckets else [],
            bucket_count=rows.bucket_count,
        )

    def _open(self) -> OpenStage:
        options = self._options
        return OpenStage(
            descriptor=self.description.descriptor_bytes,
            stage=self.description.json_text,
            options=self._pipeline_options,
            bundle_bytes=options.bundle_bytes,
            job=self._host.job,
            artifacts=self._host.find_artifacts(),
            python=sys.executable,
            # On a cluster Spark names what it has brought from the executor's working directory.
            python_path=[os.path.abspath(place) for place in sys.path if place],
            workers=options.workers,
            state_memory_bytes=options.state_memory_bytes,
            stored_group_bytes=options.max_stored_group_bytes,
            side_inputs=self._side_input_names,
            worker_silence_seconds=options.worker_silence_seconds,
            worker_start_seconds=options.worker_start_seconds,
        )


def _name_side_input(rows: Any) -> str:
    """What names the rows of a side input within the job. Called on the driver."""
    if isinstance(rows, StoredRows):
        return f"files-{sha256(repr(rows).encode()).hexdigest()}"
    return f"broadcast-{rows._jbroadcast.id()}"


def _keep_log(message: Any) -> None:
    task_log.keep(message.importance, message.text, message.transform or None)
