"""User functions of the stages that run on both lanes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

import apache_beam as beam


def show_group(group: tuple[Any, Iterable[Any]]) -> str:
    """A group as text; its values are read twice."""
    key, values = group
    return f"{key!r}: {list(values)!r} {len(list(values))}"


class ReadsTwice(beam.DoFn):
    """Says what a large group has, and whether both readings of its values agree."""

    def process(self, group: tuple[Any, Iterable[bytes]]) -> Iterator[str]:
        key, values = group
        first = [crc32(value) for value in values]
        second = [crc32(value) for value in values]
        same = first == second
        yield f"{key}: {len(first)} {sum(map(len, values))} {same} {first[:3]} {sum(first)}"
