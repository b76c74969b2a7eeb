"""Sleeps of functions end when they are due."""

from __future__ import annotations

import ctypes
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from beam2spark_runtime.timer_slack import sleep_exactly

# PR_SET_TIMERSLACK and PR_GET_TIMERSLACK of <linux/prctl.h>.
_SET, _GET = 29, 30


def get_timer_slack() -> int:
    """This thread's slack in nanoseconds."""
    return ctypes.CDLL(None).prctl(_GET, 0, 0, 0, 0)


def _slacks() -> tuple[int, int, int]:
    # Other tests have set this process up already.
    ctypes.CDLL(None).prctl(_SET, 50_000, 0, 0, 0)
    before = get_timer_slack()
    sleep_exactly()
    with ThreadPoolExecutor(1) as inner:
        return before, get_timer_slack(), inner.submit(get_timer_slack).result()


@pytest.mark.skipif(sys.platform != "linux", reason="the slack is Linux's")
def test_a_thread_and_those_that_it_starts_have_no_slack() -> None:
    with ThreadPoolExecutor(1) as thread:
        before, own, inherited = thread.submit(_slacks).result()
    assert before == 50_000
    assert (own, inherited) == (1, 1)
