"""How late Linux may wake a thread of this process that sleeps.

Its default, 50 microseconds, is added to every sleep, one of no time included. A function that
sleeps or yields for each element, as Beam's synthetic source does, loses most of its time to it.
"""

from __future__ import annotations

import ctypes
import sys

# PR_SET_TIMERSLACK of <linux/prctl.h>.
_SET = 29


def sleep_exactly() -> None:
    """Lets sleeps of this thread, and of those that it starts from now on, end when they are due.

    Where the system isn't Linux, or doesn't let us, all stays as it is.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET, 1, 0, 0, 0)
