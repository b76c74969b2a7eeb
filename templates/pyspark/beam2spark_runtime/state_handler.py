"""Serves Beam's state requests within the worker: side inputs by window and key, and the state of
the user's functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.runners.worker.sdk_worker import CachingStateHandler, _Future

from .errors import RuntimeFailure
from .side_inputs import SideInput
from .stored_side_input import StoredSideInput
from .user_state import CellId, UserState

FindSideInput = Callable[[str, str], SideInput | StoredSideInput]

# What Beam waits for after a write.
_DONE = _Future.done()


class StageStateHandler(CachingStateHandler):
    """Answers reads of side inputs with Python values directly: nothing is encoded and decoded in
    between. User state is kept encoded, as Beam has it.

    `find` gives the side input of a transform and tag. A request that a batch stage can't make is a
    failure, never an empty answer.
    """

    def __init__(self, find: FindSideInput, state: UserState):
        self._find = find
        self._state = state

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
        if kind == "bag_user_state":
            return self._state.read_bag(_cell_id(kind, key), coder)
        if kind == "ordered_list_user_state":
            span = key.range
            return self._state.read_range(_cell_id(kind, key), span.start, span.end, coder)
        raise self._refuse(kind)

    def extend(
        self, state_key: beam_fn_api_pb2.StateKey, coder: CoderImpl, elements: Iterable[Any]
    ) -> Any:
        """Adds elements to a cell of user state."""
        kind = state_key.WhichOneof("type")
        if kind == "bag_user_state":
            self._state.extend_bag(_cell_id(kind, state_key.bag_user_state), coder, elements)
        elif kind == "ordered_list_user_state":
            cell_id = _cell_id(kind, state_key.ordered_list_user_state)
            self._state.extend_list(cell_id, coder, elements)
        else:
            raise self._refuse(kind)
        return _DONE

    def clear(self, state_key: beam_fn_api_pb2.StateKey) -> Any:
        """Empties a cell of user state, or a range of an ordered list."""
        kind = state_key.WhichOneof("type")
        if kind == "bag_user_state":
            self._state.clear_bag(_cell_id(kind, state_key.bag_user_state))
        elif kind == "ordered_list_user_state":
            key = state_key.ordered_list_user_state
            self._state.clear_range(_cell_id(kind, key), key.range.start, key.range.end)
        else:
            raise self._refuse(kind)
        return _DONE

    def done(self) -> None:
        """Nothing to close."""

    def _refuse(self, kind: str | None) -> RuntimeFailure:
        return RuntimeFailure(
            "runtime/state-unsupported", f"a stage asked for state of kind {kind}"
        )


def _cell_id(kind: str, key: Any) -> CellId:
    return kind, key.transform_id, key.user_state_id, key.window, key.key
