"""Bundle finalization: what functions want done once their bundle's results are safe.

A worker is not told of Spark's commit. The nearest that it knows of is its task's end, when all of
the task's results have been handed over, so that is when Beam's callbacks are called: a task that
fails before has called none, and is tried again. Those of a splittable function that has stopped
itself are called before it is resumed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from apache_beam.transforms.core import _BundleFinalizerParam

_LOGGER = logging.getLogger(__name__)

Callback = Callable[[], object]


class _Pending(threading.local):
    """The callbacks of the task that this thread runs."""

    def __init__(self) -> None:
        self.callbacks: list[Callback] = []


_pending = _Pending()


def _keep_callbacks(registered: _BundleFinalizerParam) -> None:
    """In the place of Beam's own method, which calls them at the end of the bundle."""
    _pending.callbacks += registered._callbacks


_BundleFinalizerParam.finalize_bundle = _keep_callbacks


def forget_callbacks() -> None:
    """Drops what is left of a task that has failed."""
    _pending.callbacks.clear()


def call_callbacks() -> None:
    """Calls what this thread's task has registered. One that fails is logged, as Beam asks."""
    callbacks, _pending.callbacks = _pending.callbacks, []
    for callback in callbacks:
        try:
            callback()
        except Exception:
            _LOGGER.warning("A callback for the end of a bundle has failed", exc_info=True)
