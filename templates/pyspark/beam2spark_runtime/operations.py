"""The two operations that tie a stage's graph to Spark's rows.

They are registered with Beam's transform factory under the URNs of the stage contract, so that
Beam's own BundleProcessor builds, starts and finishes them like any other.
"""

from __future__ import annotations

from typing import Any

from apache_beam.runners import common
from apache_beam.runners.worker import operations
from apache_beam.runners.worker.bundle_processor import BeamTransformFactory, DataInputOperation
from apache_beam.utils.windowed_value import WindowedValue

from .list_output import ListOutput

SOURCE_URN = "beam2spark:transform:source:v1"
SINK_URN = "beam2spark:transform:sink:v1"
SOURCE_ID = "beam2spark_source"
SINK_PREFIX = "beam2spark_sink_"


class SourceOperation(DataInputOperation):
    """Feeds a bundle's elements to the stage's first transforms.

    What Beam takes for a chunk of encoded elements is one token for the whole bundle: the port
    (`port.py`, in the place of Beam's data channels) knows where the elements come from.
    """

    def __init__(self, factory: Any, transform_id: str, transform: Any, consumers: Any):
        name = transform.unique_name
        super().__init__(
            common.NameContext(name, transform_id),
            name,
            consumers,
            factory.counter_factory,
            factory.state_sampler,
            factory.get_only_output_coder(transform),
            transform_id=transform_id,
            data_channel_factory=lambda _stream: factory.data_channel_factory,
        )
        self._port = factory.data_channel_factory
        self._port.open_source(factory.get_coder, factory.context.windowing_strategies.get_by_id)
        (taking,) = consumers.values()
        self._output = ListOutput(self, taking)

    def process_encoded(self, _token: bytes) -> None:
        """Reads the whole bundle."""
        self.index += self._port.feed(self)

    def receive(self, element: WindowedValue) -> None:
        """Takes one element."""
        self.receivers[0].receive(element)

    def receive_values(self, values: list[Any], template: WindowedValue) -> None:
        """Takes elements that share the template's timestamp, windows and pane."""
        self._output.push(values, template)


class SinkOperation(operations.Operation):
    """Hands the elements of one output to its sink."""

    def __init__(self, factory: Any, transform_id: str, transform: Any):
        super().__init__(
            common.NameContext(transform.unique_name, transform_id),
            None,
            factory.counter_factory,
            factory.state_sampler,
        )
        index = int(transform_id.removeprefix(SINK_PREFIX))
        self._sink = factory.data_channel_factory.open_sink(index, factory.get_coder)

    def process(self, element: WindowedValue) -> None:
        """Takes one element of the output."""
        self._sink.collect((element.value,), element)

    def process_values(self, values: list[Any], template: WindowedValue) -> None:
        """Takes outputs that share the template's timestamp, windows and pane."""
        self._sink.collect(values, template)

    def finish(self) -> None:
        """Emits what is left of the bundle."""
        super().finish()
        self._sink.flush()


@BeamTransformFactory.register_urn(SOURCE_URN, None)
def create_source(
    factory: Any, transform_id: str, transform: Any, _payload: Any, consumers: Any
) -> SourceOperation:
    """Makes the source operation, as Beam's transform factory asks for it."""
    return SourceOperation(factory, transform_id, transform, consumers)


@BeamTransformFactory.register_urn(SINK_URN, None)
def create_sink(
    factory: Any, transform_id: str, transform: Any, _payload: Any, _consumers: Any
) -> SinkOperation:
    """Makes a sink operation, as Beam's transform factory asks for it."""
    return SinkOperation(factory, transform_id, transform)
