"""`iterable`: a list. Any iterable goes in, as Beam's coder takes any, and a list comes out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from ..errors import RuntimeFailure, ValueNotEncodable
from .column import Column, refuse_nulls


class IterableColumn(Column):
    is_atomic = False

    def __init__(self, element: Column):
        self.element = element
        self.arrow_type = pa.list_(element.arrow_type)

    def read(self, array: pa.Array) -> list[list[Any]]:
        refuse_nulls(array)
        offsets = array.offsets.to_numpy()
        values = self.element.read(array.values.slice(offsets[0], offsets[-1] - offsets[0]))
        bounds = (offsets - offsets[0]).tolist()
        return [values[start:end] for start, end in zip(bounds, bounds[1:], strict=False)]

    def capture(self, value: Any) -> list[Any]:
        try:
            if self.element.is_atomic:
                return list(value)
            return list(map(self.element.capture, value))
        except TypeError as error:
            raise ValueNotEncodable(f"{value!r} can't be iterated: {error}") from error

    def measure(self, captured: Sequence[list[Any]]) -> int:
        return 8 * len(captured) + sum(map(self.element.measure, captured))

    def write(self, captured: list[list[Any]]) -> pa.Array:
        offsets = np.zeros(len(captured) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, captured), np.int64, len(captured)), out=offsets[1:])
        if offsets[-1] > 2**31 - 1:
            raise RuntimeFailure(
                "runtime/group-too-large",
                f"a batch of lists holds {offsets[-1]} values: over Arrow's 2^31",
            )
        values = self.element.write(list(chain.from_iterable(captured)))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, type=self.arrow_type)
