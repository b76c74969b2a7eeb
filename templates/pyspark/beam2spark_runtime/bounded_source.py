"""Any bounded Beam source as a Spark data source: split by the source itself, read in parallel."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from apache_beam.internal import pickler
from apache_beam.io.iobase import BoundedSource, SourceBundle
from apache_beam.portability import python_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.pipeline_context import PipelineContext
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils import windowed_value
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition

from .errors import fail_user_function
from .event_times import GLOBAL_WINDOWS
from .layouts import parse_layout
from .port import create_columns
from .sinks import Sink
from .stage_description import StageDescription
from .worker_setup import WorkerSetup

_LARGEST_SPLIT = 128 << 20
_UNKNOWN_SPLIT = 64 << 20


class SourcePartition(InputPartition):
    """One split of a source: what Beam calls a source bundle, pickled as Beam pickles it.

    None stands for the one partition of a source without splits.
    """

    def __init__(self, bundle: SourceBundle | None):
        super().__init__(pickler.dumps(bundle))

    def open(self) -> SourceBundle | None:
        """The split."""
        return pickler.loads(self.value)


class BeamSourceReader(DataSourceReader):
    """Plans and reads a bounded source. `description` has its coders and its output's layout."""

    def __init__(self, description: StageDescription, setup: WorkerSetup, slots: int):
        self._description = description
        self._setup = setup
        self._slots = slots

    def partitions(self) -> Sequence[SourcePartition]:
        """The source's own splits, enough of them for all slots."""
        self._setup.prepare()
        with self._naming_errors():
            source = self._load_source()
            size = source.estimate_size()
            share = min(_LARGEST_SPLIT, max(1, size // (2 * self._slots))) if size else None
            bundles = source.split(_UNKNOWN_SPLIT if share is None else share)
            splits = [SourcePartition(bundle) for bundle in bundles]
        return splits or [SourcePartition(None)]

    def read(self, partition: SourcePartition) -> Iterator[pa.RecordBatch]:
        """The elements of one split, each once: the split's own range tracker guards its ends."""
        self._setup.prepare()
        waiting: list[pa.RecordBatch] = []
        sink = self._create_sink(waiting)
        for element in self._read_elements(partition):
            windowed = to_windowed_value(element)
            sink.collect((windowed.value,), windowed)
            if waiting:
                yield from waiting
                waiting.clear()
        sink.flush()
        yield from waiting

    def _read_elements(self, partition: SourcePartition) -> Iterator[Any]:
        with self._naming_errors():
            bundle = partition.open()
            if bundle is None:
                return
            tracker = bundle.source.get_range_tracker(bundle.start_position, bundle.stop_position)
            yield from bundle.source.read(tracker)

    @contextmanager
    def _naming_errors(self) -> Iterator[None]:
        """What a source raises is a failure of the user's, of this transform."""
        try:
            yield
        except Exception as error:
            raise fail_user_function(error, self._description.transforms[0]) from None

    def _load_source(self) -> BoundedSource:
        payload = base64.b64decode(self._description.json["source"])
        spec = beam_runner_api_pb2.FunctionSpec(urn=python_urns.PICKLED_SOURCE, payload=payload)
        return BoundedSource.from_runner_api(spec, None)

    def _create_sink(self, batches: list[pa.RecordBatch]) -> Sink:
        context = PipelineContext(self._description.descriptor)
        output = self._description.json["output"]
        layout = parse_layout(output["layout"])
        columns = create_columns(layout, context.coders.get_by_id)
        names = ["key", "value"] if layout.is_keyed else ["value"]
        names += layout.metadata_columns

        def emit(arrays: list[pa.Array]) -> None:
            batches.append(pa.record_batch(arrays, names=names))

        return Sink(layout, columns, self._description.transforms[0], emit)


def to_windowed_value(element: Any) -> WindowedValue:
    """An element of a source with its timestamp: its own where it has one, in the global window."""
    if isinstance(element, WindowedValue):
        return element
    if isinstance(element, TimestampedValue):
        micros = element.timestamp.micros
        return windowed_value.create(element.value, micros, GLOBAL_WINDOWS)
    return windowed_value.create(element, MIN_TIMESTAMP.micros, GLOBAL_WINDOWS)


def create_data_source(
    description: StageDescription, schema: str, setup: WorkerSetup, slots: int
) -> type[DataSource]:
    """The data source of one read of a pipeline, to be registered with a Spark session."""

    class BeamSource(DataSource):
        """A bounded source of a Beam pipeline."""

        @classmethod
        def name(cls) -> str:
            """The format's name."""
            return source_format(description.name)

        def schema(self) -> str:
            """The columns of the source's layout."""
            return schema

        def reader(self, schema: Any) -> DataSourceReader:
            """What plans and reads it."""
            return BeamSourceReader(description, setup, slots)

    return BeamSource


def source_format(name: str) -> str:
    """The name that a read's data source is registered under."""
    return f"beam_{name}"
