"""Lets Beam's operation and this runtime call one instance of a user's function.

Beam unpickles a function's data for itself. Data made here unpickles to an instance that exists
already, so that what `start_bundle` sets is there when the runtime calls `process`.
"""

from __future__ import annotations

from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from apache_beam.internal import pickler

_tokens = count()
_functions: WeakValueDictionary[int, Any] = WeakValueDictionary()


class _Shared:
    def __init__(self, token: int):
        self._token = token

    def __reduce__(self) -> tuple[Any, ...]:
        return _find, (self._token,)


def _find(token: int) -> Any:
    return _functions[token]


def share_function(data: tuple[Any, ...], windowing: Any) -> bytes:
    """Pickled data of a DoFn (its function, arguments, keywords, side inputs and windowing) that
    gives the very function of `data`, for as long as somebody in this process holds it.
    """
    function, arguments, keywords, side_inputs, _ = data
    token = next(_tokens)
    _functions[token] = function
    return pickler.dumps((_Shared(token), arguments, keywords, side_inputs, windowing))
