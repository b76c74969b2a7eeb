"""Finds the user functions that see nothing but their element, and what they are called with.

Map, MapTuple, Filter, FlatMap, and DoFns whose `process` takes the element and nothing of Beam's:
for these Beam's own runner too does no more than call and iterate. Everything else is left to it,
and so are the other methods of such a DoFn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from inspect import isgeneratorfunction
from types import FunctionType
from typing import Any

import apache_beam as beam
from apache_beam.internal.util import ArgumentPlaceholder
from apache_beam.options.value_provider import RuntimeValueProvider
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.common import DoFnSignature
from apache_beam.transforms.core import CallableWrapperDoFn, DoFn, _DoFnParam

# Arguments in whose place Beam puts something else for each element.
_PLACES = (ArgumentPlaceholder, _DoFnParam)

# How a plain function makes outputs of an element.
ONE = "one"
ONE_OF_PARTS = "one of parts"
KEEP = "keep"
MANY = "many"


@dataclass(frozen=True)
class PlainFunction:
    """`call` is the function to call. By `kind` it gives the one output (`ONE`; `ONE_OF_PARTS` of
    the element's parts as arguments), says whether to keep the element (`KEEP`), or gives an
    iterable of outputs or None (`MANY`). `is_checked` says that Beam looks at its first result's
    type.
    """

    call: Callable[..., Any]
    kind: str
    is_checked: bool


def _code_of(transform: beam.ParDo) -> Any:
    return transform.fn._fn.__code__


# The functions that Beam wraps a user's in, by which the user's is found in the wrapping.
_WRAPPINGS = (
    (_code_of(beam.Map(lambda element: element)), ONE),
    (_code_of(beam.Map(str)), ONE),
    (_code_of(beam.MapTuple(lambda key, value: key)), ONE_OF_PARTS),
    (_code_of(beam.Filter(lambda element: True)), KEEP),
)


def find_plain_function(
    transform: beam_runner_api_pb2.PTransform,
    payload: beam_runner_api_pb2.ParDoPayload,
    data: tuple[Any, ...],
) -> PlainFunction | None:
    """The plain function of a ParDo with this function data (function, arguments, keywords, side
    inputs, windowing), or None where it isn't one.
    """
    if len(transform.outputs) != 1 or payload.side_inputs or payload.restriction_coder_id:
        return None
    if payload.state_specs or payload.timer_family_specs:
        return None
    if "outputs_per_element_counter" in RuntimeValueProvider.experiments:
        return None
    function, arguments, keywords, _, _ = data
    if any(map(_is_place, (*arguments, *keywords.values()))):
        return None
    if not _is_plain(function):
        return None
    if isinstance(function, CallableWrapperDoFn):
        plain = _unwrap(function)
    else:
        is_generator = isgeneratorfunction(function.process)
        plain = PlainFunction(function.process, MANY, is_checked=not is_generator)
    return replace(plain, call=_bind(plain.call, arguments, keywords))


def _is_place(value: Any) -> bool:
    """Whether Beam puts something else in the place of an argument or a default.

    Some of its parameters are given as classes.
    """
    kind = value if isinstance(value, type) else type(value)
    return issubclass(kind, _PLACES)


def _bind(
    call: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Callable[..., Any]:
    if not arguments:
        return partial(call, **keywords) if keywords else call
    return lambda *parts: call(*parts, *arguments, **keywords)


def _is_plain(function: DoFn) -> bool:
    if function._process_batch_defined or hasattr(function, "_runtime_output_constraints"):
        return False
    signature = DoFnSignature(function)
    process = signature.process_method
    return not (
        any(map(_is_place, process.defaults))
        or signature.process_batch_method.defaults
        or signature.is_stateful_dofn()
        or getattr(function.process, "_beam_yields_batches", False)
    )


def _unwrap(function: CallableWrapperDoFn) -> PlainFunction:
    wrapper = function.process
    if isinstance(wrapper, FunctionType):
        for code, kind in _WRAPPINGS:
            if wrapper.__code__ == code and len(wrapper.__closure__ or ()) == 1:
                return PlainFunction(wrapper.__closure__[0].cell_contents, kind, is_checked=False)
    return PlainFunction(wrapper, MANY, is_checked=False)
