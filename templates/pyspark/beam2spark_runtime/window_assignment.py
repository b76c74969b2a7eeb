"""Assigns windows to lists of elements.

Beam's own functions look at an element's timestamp alone, so that values that share their timestamp
share their windows. Any other window function is called for each element, as Beam calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.internal import pickler
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.worker import bundle_processor, operations
from apache_beam.runners.worker.bundle_processor import BeamTransformFactory
from apache_beam.transforms.core import Windowing
from apache_beam.transforms.window import (
    FixedWindows,
    GlobalWindows,
    Sessions,
    SlidingWindows,
    WindowFn,
)
from apache_beam.utils import windowed_value
from apache_beam.utils.windowed_value import PANE_INFO_UNKNOWN, WindowedValue

from .list_output import ListOutput

_BY_TIMESTAMP = (FixedWindows, GlobalWindows, Sessions, SlidingWindows)


class AssignWindows(beam.DoFn):
    """Gives one element its windows. Its pane is unknown from here on, as after Beam's own."""

    def __init__(self, window_fn: WindowFn):
        self.window_fn = window_fn

    def process(
        self,
        element: Any,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[WindowedValue]:
        """The element in its windows."""
        context = WindowFn.AssignContext(timestamp, element=element, window=window)
        yield WindowedValue(element, timestamp, self.window_fn.assign(context))


class AssignOperation(operations.DoOperation):
    """Beam's operation of `AssignWindows`, which takes lists too."""

    def attach(self, window_fn: WindowFn, consumers: list[Any]) -> None:
        """Says which function assigns, and who takes the elements."""
        self._window_fn = window_fn
        self._sees_timestamp_only = type(window_fn) in _BY_TIMESTAMP
        self._output = ListOutput(self, consumers)

    def process_values(self, values: list[Any], template: WindowedValue) -> None:
        """Processes elements that share the template's timestamp, windows and pane."""
        if not self._sees_timestamp_only or len(template.windows) != 1:
            for value in values:
                self.process(template.with_value(value))
            return
        with self.scoped_process_state:
            context = WindowFn.AssignContext(template.timestamp, window=template.windows[0])
            windows = tuple(self._window_fn.assign(context))
            micros = template.timestamp_micros
            assigned = windowed_value.create(None, micros, windows, PANE_INFO_UNKNOWN)
            self._output.push(values, assigned)


@BeamTransformFactory.register_urn(
    common_urns.primitives.ASSIGN_WINDOWS.urn, beam_runner_api_pb2.WindowingStrategy
)
def create_assign_windows(
    factory: Any, transform_id: str, transform: Any, strategy: Any, consumers: Any
) -> AssignOperation:
    """Makes the operation of a WindowInto, as Beam's transform factory asks for it."""
    window_fn = Windowing.from_runner_api(strategy, factory.context).windowfn
    data = pickler.dumps((AssignWindows(window_fn), (), {}, [], None))
    operation = bundle_processor._create_pardo_operation(
        factory, transform_id, transform, consumers, data, operation_cls=AssignOperation
    )
    (own_consumers,) = consumers.values()
    operation.attach(window_fn, own_consumers)
    return operation
