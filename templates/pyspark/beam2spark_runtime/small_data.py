"""Which values are ordinary data, of which many may wait in a list."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
from apache_beam.pvalue import Row, TaggedOutput
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import Duration, Timestamp
from apache_beam.utils.windowed_value import WindowedValue

_WRAPPERS = (TaggedOutput, TimestampedValue, WindowedValue)
_KINDS = (np.generic, np.ndarray, Row, Timestamp, Duration)
_MODULES = frozenset({"builtins", "datetime", "decimal", "fractions", "uuid"})
_DEEPEST = 4
_SAMPLES = 4


def is_data(value: Any, depth: int = 0) -> bool:
    """Whether a value is ordinary data: text, bytes, numbers, None, and collections of them.

    Objects of other classes may hold on to something, or count their instances. Of a collection the
    first few values are looked at.
    """
    if isinstance(value, _KINDS):
        return True
    if isinstance(value, _WRAPPERS):
        value = value.value
    if isinstance(value, dict):
        parts = [part for item in islice(value.items(), _SAMPLES) for part in item]
    elif isinstance(value, tuple | list | set | frozenset):
        parts = list(islice(value, _SAMPLES))
    else:
        return type(value).__module__ in _MODULES and not hasattr(value, "__next__")
    return depth >= _DEEPEST or all(is_data(part, depth + 1) for part in parts)
