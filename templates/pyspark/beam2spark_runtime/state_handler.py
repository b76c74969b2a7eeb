"""Serves Beam's state requests within the worker: side inputs, by window and key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.worker.sdk_worker import CachingStateHandler

from .errors import RuntimeFailure
from .side_inputs import SideInput

FindSideInput = Callable[[str, str], SideInput]


class StageStateHandler(CachingStateHandler):
    """Answers reads with Python values directly: nothing is encoded and decoded in between.

    `find` gives the side input of a transform and tag. A request that a batch stage can't make is a
    failure, never an empty answer.
    """

    def __init__(self, find: FindSideInput):
        self._find = find

    @contextmanager
    def process_instruction_id(self, bundle_id: str, cache_tokens: Iterable[Any]) -> Iterator[None]:
        """Nothing here depends on the bundle."""
        yield

    def blocking_get(self, state_key: beam_fn_api_pb2.StateKey, coder: CoderImpl) -> Iterable[Any]:
        """The values behind a state key."""
        kind = state_key.WhichOneof("type")
        key = getattr(state_key, kind) if kind else None
        if kind == "iterable_side_input":
            return self._find(key.transform_id, key.side_input_id).read(key.window)
        if kind == "multimap_side_input":
            return self._find(key.transform_id, key.side_input_id).look_up(key.window, key.key)
        if kind == "multimap_keys_side_input":
            keys = self._find(key.transform_id, key.side_input_id).keys(key.window)
            return map(coder.decode_nested, keys)
        raise self._refuse(kind)

    def extend(self, state_key: Any, coder: CoderImpl, elements: Iterable[Any]) -> Any:
        """User state has no place in a batch stage."""
        raise self._refuse(state_key.WhichOneof("type"))

    def clear(self, state_key: Any) -> Any:
        """User state has no place in a batch stage."""
        raise self._refuse(state_key.WhichOneof("type"))

    def done(self) -> None:
        """Nothing to close."""

    def _refuse(self, kind: str | None) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/state-unsupported", f"a stage asked for state of kind {kind}"
        )
