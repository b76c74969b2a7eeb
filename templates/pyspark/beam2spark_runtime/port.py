"""What a stage's bundle processor has in the place of Beam's data channels: Spark's rows in and
out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.coders.coders import Coder
from apache_beam.portability.api import beam_fn_api_pb2

from .batch_queue import BatchQueue
from .batch_reader import BatchReader
from .columns import Column, create_column
from .event_times import EventTimeReader, Receiver
from .folds import FoldingSink
from .group_elements import GroupElements
from .group_readers import FindWindowing, create_group_reader
from .keyed_reader import KeyedReader
from .large_group import StoreGuard
from .layouts import Layout
from .operations import SOURCE_ID
from .output_rows import OutputRows
from .row_reader import Reader, RowReader
from .sinks import Sink
from .stage_description import StageDescription
from .stateful_operation import StatefulFunctions

FindCoder = Callable[[str], Coder]


class Port:
    """A stage's rows in and out.

    Beam's factory opens the source and the sinks while it builds the stage. Then a task is
    connected, and for each bundle Beam asks for its elements and the source asks the port to `feed`
    them. Functions with state are added to `stateful`.
    """

    def __init__(
        self,
        description: StageDescription,
        stored_group_limit: int,
        bundle_limit: int,
        stateful: StatefulFunctions,
    ):
        self._description = description
        self.stateful = stateful
        self._guard = StoreGuard(stored_group_limit)
        self._bundle_limit = bundle_limit
        self._input_columns: list[Column] = []
        self._output_columns: list[list[Column]] = [[] for _ in description.outputs]
        self._rows: OutputRows | None = None
        self._queue: BatchQueue | None = None
        self._reader: Reader | None = None
        self._deliver: Callable[[Receiver], int] | None = None
        self.find_coder: FindCoder | None = None
        self._find_windowing: FindWindowing | None = None

    def connect(self, batches: BatchReader, queue: BatchQueue) -> None:
        """Connects a task's rows and the queue that its results go to."""
        self._queue = queue
        layout = self._description.input_layout
        assert self.find_coder is not None
        times = EventTimeReader(layout, find_window_coder(layout, self.find_coder))
        grouping = self._description.grouping
        columns = self._input_columns
        if self._description.is_keyed:
            self._reader = KeyedReader(columns, batches, times, self.stateful, queue.check)
        elif grouping is None:
            self._reader = RowReader(columns, batches, times, queue.check)
        else:
            key, value = columns
            elements = GroupElements(grouping, times, key, value, self._guard)
            assert self._find_windowing is not None
            self._reader = create_group_reader(elements, batches, queue.check, self._find_windowing)

    @property
    def is_exhausted(self) -> bool:
        """Whether all of the task's rows have been delivered."""
        assert self._reader is not None
        return self._reader.is_exhausted

    def deliver_next(self, deliver: Callable[[Receiver], int] | None) -> None:
        """Says what the next bundle's elements are: what `deliver` gives, or the next rows."""
        self._deliver = deliver

    def input_elements(self, _instruction: str, _expected: Any) -> Iterator[Any]:
        """One token for the whole bundle, as Beam's processor asks a data channel."""
        yield beam_fn_api_pb2.Elements.Data(transform_id=SOURCE_ID)

    def feed(self, receiver: Receiver) -> int:
        """Delivers the elements of the bundle; returns how many."""
        if self._deliver is not None:
            return self._deliver(receiver)
        assert self._reader is not None
        return self._reader.feed(receiver, self._bundle_limit)

    def open_source(self, find_coder: FindCoder, find_windowing: FindWindowing) -> None:
        """Makes the input's columns."""
        self.find_coder = find_coder
        self._find_windowing = find_windowing
        self._input_columns = create_columns(self._description.input_layout, find_coder)

    def open_sink(self, index: int, find_coder: FindCoder) -> Sink:
        """Makes the sink of an output."""
        output = self._description.outputs[index]
        columns = create_columns(output.layout, find_coder)
        self._output_columns[index] = columns
        guard = self._guard if self._description.grouping is not None else None
        window_coder = find_window_coder(output.layout, find_coder)

        def emit(arrays: list[pa.Array]) -> None:
            assert self._queue is not None
            if self._rows is None:
                self._rows = OutputRows(self._create_schema(), len(self._output_columns))
            self._queue.put(self._rows.assemble(index, arrays))

        if output.combine is not None:
            return FoldingSink(
                output.combine,
                output.layout,
                columns,
                output.transform,
                emit,
                guard,
                window_coder,
            )
        return Sink(output.layout, columns, output.transform, emit, guard, window_coder)

    def _create_schema(self) -> pa.Schema:
        several = len(self._output_columns) > 1
        fields = [pa.field("output", pa.int32())] if several else []
        outputs = zip(self._description.outputs, self._output_columns, strict=True)
        for index, (output, columns) in enumerate(outputs):
            prefix = f"o{index}_" if several else ""
            names = ["key", "value"] if output.layout.is_keyed else ["value"]
            for name, column in zip(names, columns, strict=True):
                fields.append(pa.field(prefix + name, column.arrow_type))
            for name in output.layout.metadata_columns:
                kind = pa.binary() if name in ("window", "pane") else pa.int64()
                fields.append(pa.field(prefix + name, kind))
        return pa.schema(fields)


def create_columns(layout: Layout, find_coder: FindCoder) -> list[Column]:
    """The columns of a layout's value: two for a KV, else one."""
    if layout.is_keyed:
        parts = [layout.value["key"], layout.value["value"]]
    else:
        parts = [layout.value]
    return [create_column(part, find_coder) for part in parts]


def find_window_coder(layout: Layout, find_coder: FindCoder) -> CoderImpl | None:
    """The coder of a layout's windows, where they are kept in its bytes."""
    return None if layout.window_coder is None else find_coder(layout.window_coder).get_impl()
