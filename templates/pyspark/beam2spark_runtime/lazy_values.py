"""The values of a group of objects: decoded one after the other, as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import pyarrow as pa
from apache_beam.coders.coder_impl import FastPrimitivesCoderImpl

from .columns import Column


class LazyValues(Sequence[Any]):
    """A sequence over the rows of an array, whose values are decoded when they are read."""

    def __init__(self, column: Column, array: pa.Array):
        self._column = column
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        row = range(len(self))[index]
        return self._column.read(self._array.slice(row, 1))[0]

    def __iter__(self) -> Iterator[Any]:
        return self._column.iterate(self._array)

    def __add__(self, other: Any) -> list[Any]:
        return list(chain(self, other))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list | LazyValues) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (list(self),)


FastPrimitivesCoderImpl.register_iterable_like_type(LazyValues)
