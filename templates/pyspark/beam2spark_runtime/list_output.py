"""The way of a list of values from one operation of a stage to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apache_beam.runners.worker.operations import Operation
from apache_beam.utils.windowed_value import WindowedValue


class ListOutput:
    """An operation's only output, for values that share their timestamp, windows and pane.

    Consumers with a `process_values` take them as a list; if one of them hasn't, all take one
    element after the other from Beam's own receiver.
    """

    def __init__(self, operation: Operation, consumers: Sequence[Operation]):
        self._operation = operation
        self._takers = [getattr(consumer, "process_values", None) for consumer in consumers]
        self._takes_lists = None not in self._takers

    def push(self, values: Sequence[Any], template: WindowedValue) -> None:
        """Gives values on, with the template's timestamp, windows and pane."""
        receiver = self._operation.receivers[0]
        if self._takes_lists:
            receiver.opcounter.element_counter.update(len(values))
            for take in self._takers:
                take(values, template)
        else:
            receive = receiver.receive
            # Not by `map`, which takes a user's StopIteration for the end of the values.
            for value in values:
                receive(template.with_value(value))
