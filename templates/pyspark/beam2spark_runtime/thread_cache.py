"""Keeps a worker process's stages from one task to the next, so that setting up is paid once.

Beam reuses a function's instances for any number of bundles. A stage with a function that defines a
teardown isn't kept: a worker process ends without notice, and the end of the task is the last
moment at which the teardown is sure to happen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from .bundle_thread import BundleThread

_LIMIT = 2

_kept: OrderedDict[Hashable, BundleThread] = OrderedDict()


def borrow_thread(key: Hashable, create: Callable[[], BundleThread]) -> BundleThread:
    """The kept thread of a stage, taken out of the cache, or a new one."""
    return _kept.pop(key, None) or create()


def return_thread(key: Hashable, thread: BundleThread) -> None:
    """Keeps a thread for the next task, or tears its stage down; so too the longest unused one."""
    if not thread.is_usable or thread.wants_teardown():
        thread.close()
        return
    _kept[key] = thread
    while len(_kept) > _LIMIT:
        _kept.popitem(last=False)[1].close()


def close_threads() -> None:
    """Tears down what is kept: the job has gone, or another's turn has come."""
    while _kept:
        _kept.popitem(last=False)[1].close()
