"""Gives the errors of a user's CombineFn their transform's name, as Beam gives a DoFn's theirs.

The operations are Beam's own; only what they raise is remade.
"""

from __future__ import annotations

from typing import Any

from apache_beam.internal import pickler
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners import common
from apache_beam.runners.worker import operation_specs, operations
from apache_beam.runners.worker.bundle_processor import BeamTransformFactory
from apache_beam.transforms.core import CombineFn
from apache_beam.utils.windowed_value import WindowedValue

from .errors import fail_user_function

_COMPONENTS = common_urns.combine_components
_PHASES = {
    _COMPONENTS.COMBINE_PER_KEY_MERGE_ACCUMULATORS.urn: "merge",
    _COMPONENTS.COMBINE_PER_KEY_EXTRACT_OUTPUTS.urn: "extract",
    _COMPONENTS.COMBINE_PER_KEY_CONVERT_TO_ACCUMULATORS.urn: "convert",
    _COMPONENTS.COMBINE_GROUPED_VALUES.urn: "all",
}


def name_error(error: Exception, transform: str) -> Exception:
    """An error with the name of a transform, unless it has that of a later one already."""
    if getattr(error, "_tagged_with_step", False):
        return error
    return fail_user_function(error, transform)


class NamesErrors:
    """What the operations of a combine do beside Beam's own: to be named before its class."""

    def setup(self, data_sampler: Any = None) -> None:
        """Sets the CombineFn up."""
        try:
            super().setup(data_sampler)
        except Exception as error:
            raise name_error(error, self.name_context.step_name) from None

    def process(self, element: WindowedValue) -> None:
        """Applies the CombineFn to an element."""
        try:
            super().process(element)
        except Exception as error:
            raise name_error(error, self.name_context.step_name) from None


class NamedCombineOperation(NamesErrors, operations.CombineOperation):
    """Beam's operation of one phase of a combine."""


class NamedPrecombineOperation(NamesErrors, operations.PGBKCVOperation):
    """Beam's operation that combines the values of a key before the shuffle."""

    def finish(self) -> None:
        """Hands the accumulators on."""
        try:
            super().finish()
        except Exception as error:
            raise name_error(error, self.name_context.step_name) from None


def _pickle_function(factory: Any, payload: Any) -> bytes:
    function = CombineFn.from_runner_api(payload.combine_fn, factory.context)
    return pickler.dumps((function, [], {}))


@BeamTransformFactory.register_urn(
    _COMPONENTS.COMBINE_PER_KEY_PRECOMBINE.urn, beam_runner_api_pb2.CombinePayload
)
def create_precombine(
    factory: Any, transform_id: str, transform: Any, payload: Any, consumers: Any
) -> operations.Operation:
    """Makes the operation of a precombine, as Beam's transform factory asks for it."""
    operation = NamedPrecombineOperation(
        common.NameContext(transform.unique_name, transform_id),
        operation_specs.WorkerPartialGroupByKey(
            _pickle_function(factory, payload), None, [factory.get_only_output_coder(transform)]
        ),
        factory.counter_factory,
        factory.state_sampler,
        factory.get_input_windowing(transform),
    )
    return factory.augment_oldstyle_op(operation, transform.unique_name, consumers)


def _register_phase(urn: str, phase: str) -> None:
    @BeamTransformFactory.register_urn(urn, beam_runner_api_pb2.CombinePayload)
    def create_phase(
        factory: Any, transform_id: str, transform: Any, payload: Any, consumers: Any
    ) -> operations.Operation:
        operation = NamedCombineOperation(
            common.NameContext(transform.unique_name, transform_id),
            operation_specs.WorkerCombineFn(
                _pickle_function(factory, payload),
                phase,
                None,
                [factory.get_only_output_coder(transform)],
            ),
            factory.counter_factory,
            factory.state_sampler,
        )
        return factory.augment_oldstyle_op(operation, transform.unique_name, consumers)


for _urn, _phase in _PHASES.items():
    _register_phase(_urn, _phase)
