"""Pre-aggregation of a keyed output in the worker, before its rows leave for Spark's own aggregate.

Exactness: integer sums grow as Python's integers do and leave as several rows where one is not
enough for 64 bits, so nothing overflows on the way. Keys are told apart at least as finely as
Beam's encoded bytes tell them apart: two rows of one key are added up by Spark, two keys in one row
would be an error.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from apache_beam.utils import windowed_value
from apache_beam.utils.windowed_value import WindowedValue

from .columns import Column
from .columns.bytes_column import BytesColumn
from .columns.encoded_column import EncodedColumn
from .columns.utf8_column import Utf8Column
from .columns.varint_column import VarintColumn
from .errors import ValueNotEncodable
from .large_group import StoreGuard
from .layouts import Layout
from .sinks import BATCH_BYTES, ROW_BYTES, Collect, Emit, Sink, measure_captured

# A table leaves for Spark when it holds so many bytes of keys; an entry counts with some of its
# own, so about 200,000 keys empty it too.
TABLE_BYTES = 32 << 20
_ENTRY_BYTES = 160

_INT64_MAX = (1 << 63) - 1
_INT64_MIN = -(1 << 63)
_MOST_PARTS = 1 << 24

Fold = Callable[[Any, Any], Any]

FOLDS: dict[str, Fold] = {
    "sum": lambda total, value: total + value,
    "count": lambda total, _: total + 1,
    "min": lambda least, value: value if value < least else least,
    "max": lambda most, value: value if value > most else most,
}

# Key columns whose captured values are equal exactly when their encoded bytes are.
_SELF_TOKENS = (Utf8Column, BytesColumn, EncodedColumn)


class FoldingSink(Sink):
    """A sink of a KV output that folds the values of equal keys (and windows) into one row."""

    def __init__(
        self,
        kind: str,
        layout: Layout,
        columns: list[Column],
        transform: str,
        emit: Emit,
        guard: StoreGuard | None = None,
    ):
        self._kind = kind
        # By key where a row is its key alone; else entries of captured key, value and metadata.
        self._totals: dict[Any, Any] = {}
        self._entries: dict[Any, list[Any]] = {}
        super().__init__(layout, columns, transform, emit, guard)

    def flush(self) -> None:
        """Emits the whole table."""
        size = 0
        key_column, value_column = self._columns
        keys, values = self._captured
        splits = isinstance(value_column, VarintColumn)
        for key, value, element in self._drain():
            try:
                for part in split_integer(value) if splits else (value,):
                    values.append(value_column.capture(part))
                    size += measure_captured(key_column, key) + ROW_BYTES
                    keys.append(key)
                    if self._times is not None:
                        self._times.observe(element)
                    if size >= BATCH_BYTES:
                        size = 0
                        super().flush()
            except ValueNotEncodable as error:
                raise self._refuse(error) from error
        super().flush()

    def _drain(self) -> Iterator[tuple[Any, Any, Any]]:
        for key, value in self._totals.items():
            yield key, value, None
        self._totals.clear()
        for entry in self._entries.values():
            yield tuple(entry)
        self._entries.clear()

    def _create_collect(self) -> Collect:
        has_own_tokens = isinstance(self._columns[0], Utf8Column | BytesColumn)
        if self._is_plain and has_own_tokens and self._kind == "sum":
            fold = self._collect_plain_sum()
        else:
            fold = self._collect_entries()

        def collect(values: Sequence[Any], element: WindowedValue) -> None:
            try:
                fold(values, element)
            except TypeError as error:
                raise self._refuse(ValueNotEncodable(str(error))) from error

        return collect

    def _collect_plain_sum(self) -> Collect:
        """For keys that are their own tokens, and no metadata."""
        totals = self._totals
        find = totals.get
        size = 0

        def collect(values: Sequence[Any], _element: WindowedValue) -> None:
            nonlocal size
            for pair in values:
                try:
                    key, value = pair
                    total = find(key)
                except (TypeError, ValueError):
                    key, value = self._unpack(pair)
                    self._measure(key)
                    raise
                if total is not None:
                    totals[key] = total + value
                    continue
                totals[key] = value
                size += self._measure(key) + _ENTRY_BYTES
                if size >= TABLE_BYTES:
                    size = 0
                    self.flush()

        return collect

    def _collect_entries(self) -> Collect:
        entries = self._entries
        fold = FOLDS[self._kind]
        counts = self._kind == "count"
        column = self._columns[0]
        is_own_token = isinstance(column, _SELF_TOKENS)
        times = self._times
        size = 0

        def collect(values: Sequence[Any], element: WindowedValue) -> None:
            nonlocal size
            for window in element.windows:
                single = windowed_value.create(
                    None, element.timestamp_micros, (window,), element.pane_info
                )
                metadata = None if times is None else times.describe(single)
                for pair in values:
                    key, value = self._unpack(pair)
                    key = self._capture_key(key)
                    token = key if is_own_token else tokenise_value(key)
                    entry = entries.get((token, metadata))
                    if entry is not None:
                        entry[1] = fold(entry[1], value)
                        continue
                    entries[token, metadata] = [key, 1 if counts else value, single]
                    size += self._measure(key) + _ENTRY_BYTES
            if size >= TABLE_BYTES:
                size = 0
                self.flush()

        return collect

    def _capture_key(self, key: Any) -> Any:
        column = self._columns[0]
        try:
            return column.capture(key)
        except ValueNotEncodable as error:
            raise self._refuse(error) from error


def tokenise_value(captured: Any) -> Any:
    """Something hashable that differs wherever the encoded bytes of two keys differ.

    Python holds 1, 1.0 and True, and 0.0 and -0.0, for equal keys; the coders don't. A value that
    is not built of plain types gets a token that no other value has: its row isn't folded.
    """
    try:
        return marshal.dumps(captured, 2)
    except ValueError:
        return object()


def split_integer(value: Any) -> Iterator[Any]:
    """Parts of at most 64 bits that add up to an integer; any other value as it is.

    Raises `ValueNotEncodable` for more than the 64-bit integers of one bundle can have added up to.
    """
    if not isinstance(value, int) or _INT64_MIN <= value <= _INT64_MAX:
        yield value
        return
    step = _INT64_MAX if value > 0 else _INT64_MIN
    parts, rest = divmod(value, step)
    if parts > _MOST_PARTS:
        raise ValueNotEncodable("a sum of integers that can't all have been of 64 bits")
    for _ in range(parts):
        yield step
    if rest:
        yield rest
