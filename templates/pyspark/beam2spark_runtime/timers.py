"""The timers of the key and window at hand."""

from __future__ import annotations

import heapq
from itertools import count

from apache_beam.coders.coder_impl import TimestampCoderImpl
from apache_beam.transforms import userstate
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.utils.timestamp import Timestamp, TimestampTypes
from apache_beam.utils.windowed_value import PaneInfo

_TIMESTAMP_CODER = TimestampCoderImpl()

# Up to here Beam's coder does no more than cut off what is below a millisecond.
_FAR_MICROS = (1 << 63) * 1000


class TimerQueue:
    """Timers by family and tag, in the order of their times: in batch the event time runs to its
    end first, then the processing time does.
    """

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], int] = {}
        self._heap: list[tuple[bool, int, int, str, userstate.Timer]] = []
        self._numbers = count()

    def set(self, family: str, time_domain: str, timer: userstate.Timer) -> None:
        """Sets a timer, in the place of an earlier one of its family and tag."""
        number = next(self._numbers)
        self._pending[family, timer.dynamic_timer_tag] = number
        waits = not TimeDomain.is_event_time(time_domain)
        entry = (waits, timer.fire_timestamp.micros, number, family, timer)
        heapq.heappush(self._heap, entry)
        if len(self._heap) > 2 * len(self._pending) + 100:
            # Mostly timers that were set again: what is left of them must not pile up.
            self._heap = [entry for entry in self._heap if self._is_pending(entry)]
            heapq.heapify(self._heap)

    def clear(self, family: str, tag: str) -> None:
        """Clears a timer, if it is set."""
        self._pending.pop((family, tag), None)

    def pop(self) -> tuple[str, userstate.Timer] | None:
        """The family and timer that is due next, which is then no longer set."""
        while self._heap:
            entry = heapq.heappop(self._heap)
            if self._is_pending(entry):
                _, _, _, family, timer = entry
                del self._pending[family, timer.dynamic_timer_tag]
                return family, timer
        return None

    def _is_pending(self, entry: tuple[bool, int, int, str, userstate.Timer]) -> bool:
        _, _, number, family, timer = entry
        return self._pending.get((family, timer.dynamic_timer_tag)) == number


class QueuedTimer(userstate.BaseTimer):
    """What a user's function sets and clears: the timers of one family, for its key and window."""

    def __init__(
        self,
        queue: TimerQueue,
        spec: userstate.TimerSpec,
        key: object,
        window: object,
        pane: PaneInfo,
    ):
        self._queue = queue
        self._spec = spec
        self._key = key
        self._window = window
        self._pane = pane

    def set(self, timestamp: TimestampTypes, dynamic_timer_tag: str = "") -> None:
        """Sets the timer of this tag."""
        timer = create_timer(
            self._key, self._window, Timestamp.of(timestamp), self._pane, dynamic_timer_tag
        )
        self._queue.set(self._spec.name, self._spec.time_domain, timer)

    def clear(self, dynamic_timer_tag: str = "") -> None:
        """Clears the timer of this tag."""
        self._queue.clear(self._spec.name, dynamic_timer_tag)


def create_timer(
    key: object, window: object, time: Timestamp, pane: PaneInfo, tag: str = ""
) -> userstate.Timer:
    """A timer that is set. Its time is as exact as Beam's timer coder leaves it."""
    if abs(time.micros) < _FAR_MICROS:
        time = Timestamp(micros=time.micros // 1000 * 1000)
    else:
        time = _TIMESTAMP_CODER.decode(_TIMESTAMP_CODER.encode(time))
    return userstate.Timer(key, tag, (window,), False, time, time, pane)
