"""Runs plain functions over lists of elements.

Beam's operation handles one element at a time through every operation of the stage; that costs more
than a small function itself. A plain function (`plain_functions.py`) is called in a loop instead,
and a list of its outputs goes on at once. Everything else about it is Beam's: the operation is
Beam's own, set up, started and finished by it, with its states and metrics, and Beam's own output
handling takes whatever is not an ordinary value (a timestamped, windowed or tagged one).

A list holds what came out in about a millisecond, at most some hundred outputs and few large ones
(`step_size.py`), so that a function with large outputs has few of them waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from time import perf_counter
from typing import Any

import apache_beam as beam
from apache_beam.internal import pickler
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.pvalue import TaggedOutput
from apache_beam.runners.worker import bundle_processor, operations
from apache_beam.runners.worker.bundle_processor import BeamTransformFactory
from apache_beam.transforms.core import DoFnInfo
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.windowed_value import WindowedBatch, WindowedValue

from .errors import RuntimeFailure, fail_user_function
from .list_output import ListOutput
from .plain_functions import KEEP, MANY, ONE, PlainFunction, find_plain_function
from .shared_function import share_function
from .stateful_operation import create_stateful_operation
from .step_size import LONGEST_STEP, STEP_SECONDS, next_step

_SPECIAL = (TaggedOutput, TimestampedValue, WindowedValue, WindowedBatch)


class EmitResults(beam.DoFn):
    """Gives its element as its results: Beam handles them as those of any process method."""

    def process(self, element: Any) -> Any:
        """The results."""
        return element


class PlainOperation(operations.DoOperation):
    """Beam's operation of a ParDo whose function is plain."""

    def attach(self, function: PlainFunction, consumers: list[Any], emit: Any) -> None:
        """Says what to call, who takes the outputs, and the operation for results that aren't
        plain.
        """
        self._function = function
        self._output = ListOutput(self, consumers)
        self._emit = emit
        self._step = 1
        self._ordinary: set[type] = set()
        self._is_unchecked = function.is_checked

    def setup(self, data_sampler: Any = None) -> None:
        """Sets up both operations."""
        super().setup(data_sampler)
        self._emit.setup(data_sampler)

    def start(self) -> None:
        """Starts both operations."""
        super().start()
        self._emit.start()

    def finish(self) -> None:
        """Finishes both operations."""
        super().finish()
        self._emit.finish()

    def process_values(self, values: list[Any], template: WindowedValue) -> None:
        """Processes elements that share the template's timestamp, windows and pane."""
        kind = self._function.kind
        with self.scoped_process_state:
            outputs = self._flatten(values, template) if kind == MANY else self._map(values)
            for part in outputs:
                kinds = set(map(type, part))
                if kinds <= self._ordinary or self._are_ordinary(kinds):
                    self._output.push(part, template)
                else:
                    self._emit_each(part, template)

    def _emit_each(self, outputs: list[Any], template: WindowedValue) -> None:
        # Both operations have one state, and who enters it twice never gets back out of it.
        self.scoped_process_state.__exit__(None, None, None)
        try:
            for output in outputs:
                self._emit.process(template.with_value([output]))
        finally:
            self.scoped_process_state.__enter__()

    def _are_ordinary(self, kinds: set[type]) -> bool:
        if any(issubclass(kind, _SPECIAL) for kind in kinds):
            return False
        self._ordinary |= kinds
        return True

    def _map(self, values: list[Any]) -> Iterator[list[Any]]:
        call = self._function.call
        kind = self._function.kind
        start = 0
        while start < len(values):
            part = values[start : start + self._step]
            start += self._step
            began = perf_counter()
            try:
                if kind == ONE:
                    outputs = [call(value) for value in part]
                elif kind == KEEP:
                    outputs = [value for value in part if call(value)]
                else:
                    outputs = [call(*value) for value in part]
            except RuntimeFailure:
                raise
            except Exception as error:
                raise self._fail(error) from error
            sample = outputs[-1] if outputs else None
            self._step = next_step(self._step, perf_counter() - began, sample)
            if outputs:
                yield outputs

    def _flatten(self, values: list[Any], template: WindowedValue) -> Iterator[list[Any]]:
        call = self._function.call
        outputs: list[Any] = []
        began = perf_counter()
        try:
            for value in values:
                results = call(value)
                if self._is_unchecked:
                    self._check_results(results, template)
                if type(results) is list and len(results) <= LONGEST_STEP:
                    outputs += results
                elif results is not None:
                    rest = iter(results)
                    outputs.extend(islice(rest, max(1, self._step - len(outputs))))
                    while len(outputs) >= self._step:
                        seconds = perf_counter() - began
                        self._step = next_step(self._step, seconds, outputs[-1])
                        yield outputs
                        outputs = []
                        began = perf_counter()
                        outputs.extend(islice(rest, self._step))
                seconds = perf_counter() - began
                if outputs and (len(outputs) >= self._step or seconds > STEP_SECONDS):
                    self._step = next_step(self._step, seconds, outputs[-1])
                    yield outputs
                    outputs = []
                    began = perf_counter()
        except RuntimeFailure:
            raise
        except Exception as error:
            raise self._fail(error) from error
        if outputs:
            yield outputs

    def _check_results(self, results: Any, template: WindowedValue) -> None:
        """Beam refuses some types of a DoFn's first results: where it would, it does."""
        self._is_unchecked = False
        if isinstance(results, str | bytes | dict):
            self._emit.process(template.with_value(results))

    def _fail(self, error: Exception) -> RuntimeFailure:
        return fail_user_function(error, self.name_context.step_name)


_create_beam_par_do, _ = BeamTransformFactory._known_urns[common_urns.primitives.PAR_DO.urn]


@BeamTransformFactory.register_urn(
    common_urns.primitives.PAR_DO.urn, beam_runner_api_pb2.ParDoPayload
)
def create_par_do(
    factory: Any, transform_id: str, transform: Any, payload: Any, consumers: Any
) -> operations.DoOperation:
    """Makes a ParDo's operation: one for keys where it has state or timers, one for lists where its
    function is plain, else Beam's.
    """
    pickled = DoFnInfo.from_runner_api(payload.do_fn, factory.context).serialized_dofn_data()
    if payload.state_specs or payload.timer_family_specs:
        return create_stateful_operation(
            factory, transform_id, transform, payload, pickled, consumers
        )
    data = pickler.loads(pickled)
    function = find_plain_function(transform, payload, data)
    if function is None:
        return _create_beam_par_do(factory, transform_id, transform, payload, consumers)
    (pcollection,) = transform.inputs.values()
    windowing = factory.context.windowing_strategies.get_by_id(
        factory.descriptor.pcollections[pcollection].windowing_strategy_id
    )
    operation = bundle_processor._create_pardo_operation(
        factory,
        transform_id,
        transform,
        consumers,
        share_function(data, windowing),
        payload,
        operation_cls=PlainOperation,
    )
    emit = bundle_processor._create_simple_pardo_operation(
        factory, transform_id, transform, consumers, EmitResults()
    )
    (own_consumers,) = consumers.values()
    operation.attach(function, own_consumers, emit)
    return operation
