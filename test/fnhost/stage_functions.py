"""User functions of the stages that run on both lanes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

import apache_beam as beam
from apache_beam.coders.coders import Coder, StrUtf8Coder, TimestampCoder, TupleCoder
from apache_beam.transforms.window import BoundedWindow, NonMergingWindowFn, WindowFn
from apache_beam.utils.timestamp import Timestamp


def show_group(group: tuple[Any, Iterable[Any]]) -> str:
    """A group as text; its values are read twice."""
    key, values = group
    return f"{key!r}: {list(values)!r} {len(list(values))}"


class Tide(BoundedWindow):
    """A window that is no interval: its end, and a level."""

    def __init__(self, end: Timestamp, level: str):
        super().__init__(end)
        self.level = level

    def __hash__(self) -> int:
        return hash((self.end, self.level))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tide) and (self.end, self.level) == (other.end, other.level)


class TideCoder(Coder):
    """The end and the level."""

    parts = TupleCoder([TimestampCoder(), StrUtf8Coder()])

    def encode(self, tide: Tide) -> bytes:
        """The bytes of a window."""
        return self.parts.encode((tide.end, tide.level))

    def decode(self, encoded: bytes) -> Tide:
        """The window of these bytes."""
        return Tide(*self.parts.decode(encoded))

    def is_deterministic(self) -> bool:
        """Windows of equal bytes are equal."""
        return True


class Tides(NonMergingWindowFn):
    """Windows that are no intervals."""

    def assign(self, assign_context: Any) -> list[Tide]:
        """Never called: the tests' rows have their windows."""
        raise AssertionError

    def get_window_coder(self) -> TideCoder:
        """The coder of tides."""
        return TideCoder()


class Floods(WindowFn):
    """Tides of the same level are one, until the last of them ends."""

    def assign(self, assign_context: Any) -> list[Tide]:
        """Never called: the tests' rows have their windows."""
        raise AssertionError

    def merge(self, merge_context: Any) -> None:
        """Merges high tides, two at first."""
        high = [tide for tide in merge_context.windows if tide.level == "high"]
        if len(high) > 1:
            first = Tide(max(tide.end for tide in high[:2]), "high")
            merge_context.merge(high[:2], first)
            if high[2:]:
                last = Tide(max(tide.end for tide in high), "high")
                merge_context.merge([first, *high[2:]], last)

    def get_window_coder(self) -> TideCoder:
        """The coder of tides."""
        return TideCoder()


class ReadsTwice(beam.DoFn):
    """Says what a large group has, and whether both readings of its values agree."""

    def process(self, group: tuple[Any, Iterable[bytes]]) -> Iterator[str]:
        key, values = group
        first = [crc32(value) for value in values]
        second = [crc32(value) for value in values]
        same = first == second
        yield f"{key}: {len(first)} {sum(map(len, values))} {same} {first[:3]} {sum(first)}"


class Measures(beam.DoFn):
    """Says how many bytes a group has, twice, and holds none of it."""

    def process(self, group: tuple[str, Iterable[bytes]]) -> Iterator[str]:
        """What the group has."""
        key, values = group
        yield f"{key} {sum(map(len, values))} {sum(map(len, values))}"
