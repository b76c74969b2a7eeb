"""How many outputs of a plain function go on at once."""

from __future__ import annotations

from sys import getsizeof
from typing import Any

from .small_data import is_data

# More would make Python look for garbage in each list, which starts at 700 new objects.
LONGEST_STEP = 512
STEP_SECONDS = 0.001
STEP_BYTES = 4 << 20


def next_step(step: int, seconds: float, sample: Any) -> int:
    """The length of the next list, after one of `step` outputs took so long; `sample` is one of
    them.

    One where they are objects that may hold on to something; else twice as many where that was
    quick, an eighth where it was slow, and never more than `STEP_BYTES` of outputs as large as the
    sample.
    """
    if not is_data(sample):
        return 1
    if seconds < STEP_SECONDS / 2:
        step = min(LONGEST_STEP, step * 2)
    elif seconds > STEP_SECONDS * 2:
        step //= 8
    return max(1, min(step, STEP_BYTES // getsizeof(sample)))
