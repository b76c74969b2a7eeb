"""What splittable functions have put off: the rest of an element, to be resumed after a delay."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from itertools import count

from apache_beam.portability.api import beam_fn_api_pb2

Residual = beam_fn_api_pb2.DelayedBundleApplication

# A splittable function that asks to be resumed later is, but it doesn't hold a task for longer than
# this.
_LONGEST_DELAY_SECONDS = 300.0

# With so many residuals waiting, no further elements are begun.
_MOST_WAITING = 1000


class ResidualQueue:
    """Residuals by the time at which they are due."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Residual]] = []
        self._numbers = count()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether what waits should be done before anything else is begun."""
        return len(self._waiting) >= _MOST_WAITING

    def add(self, residuals: Iterable[Residual]) -> None:
        """Adds residuals, whose delays begin now."""
        now = time.monotonic()
        for residual in residuals:
            delay = residual.requested_time_delay.ToNanoseconds() / 1e9
            due = now + min(delay, _LONGEST_DELAY_SECONDS)
            heapq.heappush(self._waiting, (due, next(self._numbers), residual))

    def seconds_left(self) -> float:
        """How long until the earliest is due; zero or less if one is."""
        return self._waiting[0][0] - time.monotonic()

    def take_due(self) -> list[Residual]:
        """The residuals that are due, in the order of their times, which then no longer wait."""
        now = time.monotonic()
        due = []
        while self._waiting and self._waiting[0][0] <= now:
            due.append(heapq.heappop(self._waiting)[2])
        return due
