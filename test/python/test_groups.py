"""Grouped input: every cut of rows into batches gives the same groups; large ones stream."""

from __future__ import annotations

import gc
import itertools
import random
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pytest
from apache_beam.coders.coders import PickleCoder
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue
from beam2spark_runtime import groups, part_store
from beam2spark_runtime.batch_reader import BatchReader
from beam2spark_runtime.columns.bytes_column import BytesColumn
from beam2spark_runtime.columns.encoded_column import EncodedColumn
from beam2spark_runtime.columns.utf8_column import Utf8Column
from beam2spark_runtime.columns.varint_column import VarintColumn
from beam2spark_runtime.errors import RuntimeFailure
from beam2spark_runtime.event_times import ONLY_FIRING, EventTimeReader
from beam2spark_runtime.group_elements import GroupElements, Grouping
from beam2spark_runtime.groups import GroupReader
from beam2spark_runtime.large_group import LargeGroup, PulledParts, StoreGuard
from beam2spark_runtime.layouts import Layout, parse_layout
from beam2spark_runtime.part_store import PartStore
from stage_files import BYTES, COLUMN, INTERVAL, UTF8, VARINT, keyed, layout

_KEYED = parse_layout(layout(keyed(UTF8, VARINT)))
_BYTES = parse_layout(layout(keyed(UTF8, BYTES)))


class _Receiver:
    def __init__(self, take: Callable[[WindowedValue], Any]):
        self._take = take

    def receive(self, element: WindowedValue) -> None:
        self._take(element)

    def receive_values(self, values: list[Any], template: WindowedValue) -> None:
        for value in values:
            self._take(template.with_value(value))


def _batches(rows: list[tuple[str, Any]], cuts: Iterable[int], kind: pa.DataType) -> list[Any]:
    bounds = [0, *cuts, len(rows)]
    return [
        pa.record_batch(
            [pa.array([k for k, _ in part], pa.string()), pa.array([v for _, v in part], kind)],
            ["key", "value"],
        )
        for part in (rows[a:b] for a, b in itertools.pairwise(bounds))
    ]


def _reader(batches: list[pa.RecordBatch], column: Any, limit: int = 1 << 20) -> GroupReader:
    layout_ = _BYTES if isinstance(column, BytesColumn) else _KEYED
    return GroupReader(_elements(layout_, column, limit), BatchReader(iter(batches)), lambda: None)


def _elements(layout_: Layout, column: Any, limit: int = 1 << 20) -> GroupElements:
    grouping = Grouping("Group", "none", "end-of-window", "windowing")
    times = EventTimeReader(layout_)
    return GroupElements(grouping, times, Utf8Column(), column, StoreGuard(limit))


def _read_all(
    reader: GroupReader, take: Callable[[WindowedValue], Any], limit: int = 1 << 40
) -> int:
    count = 0
    while not reader.is_exhausted:
        count += reader.feed(_Receiver(take), limit)
    return count


@pytest.mark.parametrize("streamed", [1 << 30, 0])
@pytest.mark.parametrize("bundle", [1 << 40, 1])
def test_any_cut_gives_the_same_groups(
    monkeypatch: pytest.MonkeyPatch, streamed: int, bundle: int
) -> None:
    monkeypatch.setattr(groups, "STREAMED_BYTES", streamed)
    random_ = random.Random(7)
    for _ in range(200):
        keys = "".join(sorted(random_.choices("abcd", k=random_.randint(1, 12))))
        rows = [(key, index) for index, key in enumerate(keys)]
        cuts = sorted(random_.choices(range(len(rows) + 1), k=random_.randint(0, 5)))
        reader = _reader(_batches(rows, cuts, pa.int64()), VarintColumn())
        seen: list[Any] = []
        count = _read_all(
            reader, lambda e, seen=seen: seen.append((e.value[0], list(e.value[1]))), bundle
        )
        expected = [
            (key, [v for _, v in part]) for key, part in itertools.groupby(rows, lambda row: row[0])
        ]
        assert seen == expected, (keys, cuts)
        assert count == len(expected)


def test_groups_of_a_window_carry_its_end_and_the_only_firing() -> None:
    windowed = parse_layout(layout(keyed(UTF8, VARINT), window=INTERVAL))
    batch = pa.record_batch(
        [
            pa.array(["a", "a", "a", "b"]),
            pa.array([1, 2, 3, 4]),
            pa.array([0, 0, 1000, 0]),
            pa.array([1000, 1000, 2000, 1000]),
        ],
        ["key", "value", "window_start", "window_end"],
    )
    reader = GroupReader(
        _elements(windowed, VarintColumn()), BatchReader(iter([batch])), lambda: None
    )
    seen: list[WindowedValue] = []
    _read_all(reader, seen.append)
    assert [(e.value, e.timestamp_micros) for e in seen] == [
        (("a", [1, 2]), 999_000),
        (("a", [3]), 1_999_000),
        (("b", [4]), 999_000),
    ]
    assert {e.pane_info for e in seen} == {ONLY_FIRING}


def _large_rows(keys: str, rows_of_key: int = 40) -> list[pa.RecordBatch]:
    value = b"x" * (1 << 20)
    rows = [(key, b"%d" % i + value) for key in keys for i in range(rows_of_key)]
    return _batches(rows, range(7, len(rows), 7), pa.binary())


def test_large_groups_can_be_read_again_and_by_several_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(part_store, "MEMORY_BYTES", 4 << 20)
    seen: dict[str, int] = {}

    def take(element: WindowedValue) -> None:
        key, values = element.value
        assert isinstance(values, LargeGroup)
        first, second = iter(values), iter(values)
        pairs = [(next(first)[:2], next(second)[:2]) for _ in range(12)]
        assert all(a == b for a, b in pairs)
        assert sum(1 for _ in first) == 28
        assert [value[:2] for value in values][:12] == [a for a, _ in pairs]
        seen[key] = seen.get(key, 0) + 1
        assert element.windows == (GlobalWindow(),)

    _read_all(_reader(_large_rows("ab"), BytesColumn()), take)
    assert seen == {"a": 1, "b": 1}


def test_unread_rest_is_passed_over_and_a_held_group_is_kept() -> None:
    held: list[Any] = []

    def take(element: WindowedValue) -> None:
        key, values = element.value
        next(iter(values))
        if key == "b":
            held.append(values)

    pulled: list[int] = []
    keep = PartStore.keep
    try:
        PartStore.keep = lambda self, part: (pulled.append(1), keep(self, part))  # type: ignore
        _read_all(_reader(_large_rows("abc"), BytesColumn()), take)
    finally:
        PartStore.keep = keep  # type: ignore[method-assign]
    gc.collect()
    assert sum(1 for _ in held[0]) == 40
    # Of three groups of six parts each, only the held one was read to its end.
    assert len(pulled) <= 6 + 2 * 3


def test_storing_a_group_over_the_limit_is_refused_by_code() -> None:
    guard = StoreGuard(1 << 20)
    parts = [pa.array([b"x" * (1 << 19)] * 2)]
    pulled = PulledParts(PartStore(pa.binary()), iter([*parts, *parts, None]).__next__)
    group = LargeGroup(pulled, BytesColumn(), guard)
    assert sum(1 for _ in group) == 4
    with guard.storing("Group/All"), pytest.raises(RuntimeFailure) as failure:
        list(group)
    assert failure.value.code == "runtime/group-too-large"
    assert failure.value.transform == "Group/All"


class _Counted:
    """Objects of which at most three are alive."""

    alive = 0

    def __init__(self, number: int):
        self.number = number
        self._count()

    def __setstate__(self, state: dict[str, int]) -> None:
        self.__dict__.update(state)
        self._count()

    def __del__(self) -> None:
        _Counted.alive -= 1

    @staticmethod
    def _count() -> None:
        _Counted.alive += 1
        assert _Counted.alive <= 3


@pytest.mark.parametrize("cuts", [[], [100], [3, 50, 150]])
def test_a_group_of_objects_is_decoded_as_it_is_read(cuts: list[int]) -> None:
    coder = PickleCoder()
    padding = "x" * 200
    rows = [("a", coder.encode((padding, _Counted(number)))) for number in range(200)]
    seen: list[Any] = []

    def take(element: WindowedValue) -> None:
        key, values = element.value
        seen.append((key, [value.number for _, value in values]))
        assert len(values) == 200
        assert [values[-1][1].number, values[7][1].number] == [199, 7]
        assert [padded for padded, _ in values[:2]] == [padding] * 2

    column = EncodedColumn(coder)
    elements = _elements(_KEYED, column)
    batches = BatchReader(iter(_batches(rows, cuts, pa.binary())))
    _read_all(GroupReader(elements, batches, lambda: None), take)
    assert seen == [("a", list(range(200)))]


@pytest.mark.parametrize("timestamp", ["earliest", "latest"])
@pytest.mark.parametrize("cuts", [[], [1], [2, 3]])
@pytest.mark.parametrize("streamed", [1 << 30, 0])
def test_a_group_has_the_timestamp_of_its_first_row(
    monkeypatch: pytest.MonkeyPatch, timestamp: str, cuts: list[int], streamed: int
) -> None:
    monkeypatch.setattr(groups, "STREAMED_BYTES", streamed)
    timed = parse_layout(layout(keyed(UTF8, VARINT), COLUMN))
    grouping = Grouping("Group", "none", timestamp, "windowing")
    elements = GroupElements(
        grouping, EventTimeReader(timed), Utf8Column(), VarintColumn(), StoreGuard(1)
    )
    whole = pa.record_batch(
        [pa.array(["a", "a", "a", "b"]), pa.array([1, 2, 3, 4]), pa.array([-7, 3, 9, 0])],
        ["key", "value", "timestamp"],
    )
    bounds = [0, *cuts, 4]
    batches = [whole.slice(a, b - a) for a, b in itertools.pairwise(bounds)]
    seen: list[Any] = []
    _read_all(
        GroupReader(elements, BatchReader(iter(batches)), lambda: None),
        lambda e: seen.append((e.value[0], list(e.value[1]), e.timestamp_micros)),
    )
    assert seen == [("a", [1, 2, 3], -7000), ("b", [4], 0)]
