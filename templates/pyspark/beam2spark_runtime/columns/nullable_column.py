"""`nullable`: None or a value, in the value's own column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from .column import Column


class NullableColumn(Column):
    def __init__(self, value: Column):
        self.value = value
        self.arrow_type = value.arrow_type
        self.is_atomic = value.is_atomic
        self.fixed_size = value.fixed_size

    def read(self, array: pa.Array) -> list[Any]:
        if not array.null_count:
            return self.value.read(array)
        present = iter(self.value.read(array.drop_null()))
        return [next(present) if valid else None for valid in array.is_valid().to_pylist()]

    def capture(self, value: Any) -> Any:
        return None if value is None else self.value.capture(value)

    def measure(self, captured: Sequence[Any]) -> int:
        present = [value for value in captured if value is not None]
        return len(captured) + self.value.measure(present)

    def write(self, captured: list[Any]) -> pa.Array:
        present = [value for value in captured if value is not None]
        dense = self.value.write(present)
        if len(present) == len(captured):
            return dense
        missing = np.fromiter((value is None for value in captured), bool, len(captured))
        rows = np.cumsum(~missing) - 1
        return dense.take(pa.array(rows, pa.int64(), mask=missing))
