"""What every kind of column can do, and the coder round trip that the slow path falls back to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
from apache_beam.coders.coder_impl import CoderImpl

from ..errors import RuntimeFailure, ValueNotEncodable


class Column(ABC):
    """Arrow arrays on one side, lists of Python values on the other.

    A value goes `capture` → (waits in a list) → `write`. Capturing freezes what the user could
    change before the batch is written; `is_atomic` says that capturing a value gives the value
    itself, and `fixed_size` how many bytes any value takes (None where that depends on the value).
    """

    arrow_type: pa.DataType
    is_atomic: bool = True
    fixed_size: int | None = None
    # Whether values may be objects of any class.
    may_hold_objects: bool = False

    def read(self, array: pa.Array) -> list[Any]:
        """The Python values of an array without nulls."""
        refuse_nulls(array)
        return array.to_pylist()

    def iterate(self, array: pa.Array) -> Iterator[Any]:
        """The Python values of an array without nulls, one after the other."""
        return iter(self.read(array))

    def capture(self, value: Any) -> Any:
        """What to keep of a value until it is written."""
        return value

    def measure(self, captured: Sequence[Any]) -> int:
        """About how many bytes captured values take in their column."""
        if self.fixed_size is not None:
            return self.fixed_size * len(captured)
        return sum(map(len, captured))

    @abstractmethod
    def write(self, captured: list[Any]) -> pa.Array:
        """The array of captured values. Raises `ValueNotEncodable` where Beam's coder raises."""


def refuse_nulls(array: pa.Array) -> None:
    """Raises where a column that can't hold None has a null: the plan is broken."""
    if array.null_count:
        raise RuntimeFailure(
            "runtime/unexpected-null",
            f"a {array.type} column that has no nulls by its layout has one",
        )


def round_trip(coder: CoderImpl, values: Iterable[Any]) -> list[Any]:
    """Each value as its coder gives it back. Raises `ValueNotEncodable` for the first refused."""
    encode: Callable[[Any], bytes] = coder.encode
    decode = coder.decode
    result = []
    for value in values:
        try:
            result.append(decode(encode(value)))
        except Exception as error:
            raise ValueNotEncodable(describe_refusal(value, coder, error)) from error
    return result


def describe_refusal(value: Any, coder: object, error: Exception) -> str:
    """Says which value which coder refused, without printing a whole huge value."""
    shown = repr(value)
    if len(shown) > 200:
        shown = shown[:200] + "…"
    name = type(coder).__name__.removesuffix("Impl")
    reason = f": {error}" if str(error) else ""
    return f"{shown} ({type(value).__name__}) can't be encoded by {name}{reason}"
