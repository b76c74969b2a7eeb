"""Runs functions that have state or timers, key by key.

Beam's own operation calls them. What is the runner's part: to hand over the elements of a key and
window together, to keep their state meanwhile, and at their end to fire the timers that are set.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apache_beam.runners.worker import bundle_processor, operations
from apache_beam.runners.worker.bundle_processor import FnApiUserStateContext
from apache_beam.runners.worker.data_plane import ClosableOutputStream
from apache_beam.transforms import userstate
from apache_beam.utils.windowed_value import WindowedValue

from .errors import RuntimeFailure
from .timers import QueuedTimer, TimerQueue, create_timer
from .user_state import UserState

# State that Beam holds back goes to its store after so many calls, or fewer that wrote much.
_LONGEST_STEP = 1024
_FIRST_STEP = 16
_STEP_BYTES = 1 << 20


class StateContext(FnApiUserStateContext):
    """Beam's access to state, with timers that go to a queue at once. `transform` is the name of
    the one whose state it is.
    """

    def __init__(self, context: FnApiUserStateContext, timers: TimerQueue, transform: str):
        super().__init__(
            context._state_handler,
            context._transform_id,
            context._key_coder,
            context._window_coder,
        )
        self._timers = timers
        self._transform = transform

    def get_timer(
        self, timer_spec: userstate.TimerSpec, key: Any, window: Any, _timestamp: Any, pane: Any
    ) -> QueuedTimer:
        """The timers of a family, for a key and window."""
        return QueuedTimer(self._timers, timer_spec, key, window, pane)

    def commit(self) -> None:
        """Writes to the state handler what the cells hold back."""
        for (spec, *_), state in self._all_states.items():
            try:
                state.commit()
            except RuntimeFailure:
                raise
            except Exception as error:
                raise RuntimeFailure(
                    "runtime/value-not-encodable",
                    f"the state {spec.name!r} has a value that {spec.coder!r} refuses: {error}",
                    transform=self._transform,
                    hint="give the state's spec a coder for the values that it gets",
                ) from error

    def save(self) -> None:
        """Writes to the state handler what the cells hold back, and drops the cells."""
        self.commit()
        self.reset()


class StatefulOperation(operations.DoOperation):
    """Beam's operation of a ParDo with state or timers."""

    def __init__(self, *arguments: Any):
        self.timers = TimerQueue()
        self.context = StateContext(arguments[-1], self.timers, arguments[0].step_name)
        super().__init__(*arguments[:-1], self.context)
        self.expiration_family = ""


class StatefulFunctions:
    """The functions of a stage that have state or timers; all of them see the same keys."""

    def __init__(self, state: UserState):
        self._state = state
        self._operations: list[StatefulOperation] = []
        self._step = _FIRST_STEP
        self._calls = 0
        self._written = 0

    def add(self, operation: StatefulOperation) -> None:
        """Adds a function."""
        self._operations.append(operation)

    def count_call(self) -> None:
        """Counts a call of the functions, and saves their state now and then."""
        self._calls += 1
        if self._calls >= self._step:
            self._save()
            written = self._state.written - self._written
            grown = self._step * 2 if written < _STEP_BYTES else self._step // 2
            self._step = min(max(1, grown), _LONGEST_STEP)
            self._start_step()

    def end_key(self, last: WindowedValue, check: Callable[[], None]) -> None:
        """Fires the timers of the key and window of the `last` element, with those that they set,
        and drops its state. `check` raises when nobody wants the results any more.
        """
        self._save()
        for operation in self._operations:
            self._fire_timers(operation, check)
            if operation.expiration_family:
                window = last.windows[0]
                timer = create_timer(last.value[0], window, window.max_timestamp(), last.pane_info)
                operation.process_timer(operation.expiration_family, timer)
                self._fire_timers(operation, check)
        self._save()
        self._state.forget()
        self._step = _FIRST_STEP
        self._start_step()

    def _fire_timers(self, operation: StatefulOperation, check: Callable[[], None]) -> None:
        while (due := operation.timers.pop()) is not None:
            check()
            operation.process_timer(*due)
            self.count_call()

    def _start_step(self) -> None:
        self._calls = 0
        self._written = self._state.written

    def _save(self) -> None:
        for operation in self._operations:
            operation.context.save()


def create_stateful_operation(
    factory: Any, transform_id: str, transform: Any, payload: Any, pickled: bytes, consumers: Any
) -> StatefulOperation:
    """Makes the operation of a ParDo with state or timers, as Beam's transform factory asks."""
    operation = bundle_processor._create_pardo_operation(
        factory,
        transform_id,
        transform,
        consumers,
        pickled,
        payload,
        operation_cls=StatefulOperation,
    )
    operation.expiration_family = payload.on_window_expiration_timer_family_spec
    factory.data_channel_factory.stateful.add(operation)
    return operation


def discard_timer_streams(timers: dict[Any, Any]) -> None:
    """Gives Beam's bundle processor streams to close where it would have timers written."""
    for info in timers.values():
        info.output_stream = ClosableOutputStream()
