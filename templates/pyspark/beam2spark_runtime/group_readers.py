"""Which reader makes a stage's groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
from apache_beam.transforms.core import Windowing

from .group_elements import GroupElements
from .groups import GroupReader
from .merged_windows import MergingReader
from .sessions import SessionReader

FindWindowing = Callable[[str], Windowing]


def create_group_reader(
    elements: GroupElements,
    batches: Iterator[pa.RecordBatch],
    check: Callable[[], None],
    find_windowing: FindWindowing,
) -> GroupReader | SessionReader | MergingReader:
    """The reader for windows that don't merge, for sessions, or for a user's own function."""
    grouping = elements.grouping
    if grouping.merge == "none":
        return GroupReader(elements, batches, check)
    if grouping.merge == "sessions":
        return SessionReader(elements, batches, check)
    return MergingReader(elements, batches, check, find_windowing(grouping.windowing).windowfn)
