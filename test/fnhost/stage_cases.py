"""Stages and rows that are to give the same on both lanes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
import pyarrow as pa
import stage_functions
import stateful_functions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.transforms.window import FixedWindows, Sessions, TimestampCombiner
from apache_beam.utils.timestamp import Timestamp
from stage_files import COLUMN, INTERVAL, UTF8, VARINT, Output, StageFiles, capture, keyed, layout

EDGES = [-9223372036854775, 9223371950454775, -1, 0, 1, 999, 1000, 5_000_000]


@dataclass
class Case:
    """A stage with its rows."""

    name: str
    files: StageFiles
    batches: Callable[[], Iterator[pa.RecordBatch]]
    bundle_bytes: int = 1 << 12
    state_memory_bytes: int = 64 << 20


def cut(table: dict[str, pa.Array], sizes: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The rows of columns in batches of these sizes, over and over: slices of a larger batch."""
    whole = pa.record_batch(list(table.values()), list(table))
    start = 0
    for size in itertools.cycle(sizes):
        if start >= whole.num_rows:
            return
        yield whole.slice(start, size)
        start += size


def grouped_stage(
    name: str,
    function: Any,
    grouping: dict[str, str],
    in_layout: dict[str, Any],
    window: Any = None,
    kinds: tuple[Any, Any] = (str, int),
    out_window: Any = None,
) -> StageFiles:
    """A stage of one function over groups."""

    def build(pipeline: beam.Pipeline) -> None:
        pairs = pipeline | "In" >> beam.Create([]).with_output_types(tuple[kinds])
        if window is not None:
            pairs |= "Window" >> window
        groups = pairs | "Group" >> beam.GroupByKey()
        groups | "Show" >> function.with_output_types(str)

    proto = capture(build)
    (group,) = (t for t in proto.components.transforms.values() if t.unique_name == "Group")
    (pcollection,) = group.inputs.values()
    windowing = proto.components.pcollections[pcollection].windowing_strategy_id
    if in_layout["window"]["kind"] == "encoded":
        coder = proto.components.windowing_strategies[windowing].window_coder_id
        in_layout = {**in_layout, "window": {"kind": "encoded", "coder": coder}}
    out = layout(UTF8, COLUMN, out_window or in_layout["window"], COLUMN)
    return StageFiles(
        proto,
        name,
        ["Show"],
        in_layout,
        [Output("Show", out)],
        grouped={"name": "Group", "windowing": windowing, **grouping},
    )


def group_cases() -> Iterator[Case]:
    """Groups of keys and windows."""
    chance = random.Random(5)
    show = beam.Map(stage_functions.show_group)
    plain = {"merge": "none", "timestamp": "end-of-window"}
    keys = sorted(chance.choices(["", "a", "b\0", "ä", "x" * 300], k=300))
    rows = {"key": pa.array(keys), "value": pa.array(range(300))}
    files = grouped_stage("groups", show, plain, layout(keyed(UTF8, VARINT)))
    yield Case("groups", files, lambda: cut(rows, [1, 7, 0, 100, 2]))

    spans = sorted((key, chance.choice(EDGES), chance.choice(EDGES)) for key in keys)
    windowed = {
        "key": pa.array([key for key, _, _ in spans]),
        "value": pa.array(range(300)),
        "timestamp": pa.array([time for _, _, time in spans]),
        "window_start": pa.array([start for _, start, _ in spans]),
        "window_end": pa.array([start + 1000 for _, start, _ in spans]),
    }
    for timestamp in ("end-of-window", "earliest"):
        in_layout = layout(keyed(UTF8, VARINT), COLUMN, INTERVAL)
        combiner = TimestampCombiner.OUTPUT_AT_EARLIEST
        window = beam.WindowInto(FixedWindows(1), timestamp_combiner=combiner)
        name = f"groups_{timestamp.replace('-', '_')}"
        files = grouped_stage(name, show, {**plain, "timestamp": timestamp}, in_layout, window)
        yield Case(name, files, lambda: cut(windowed, [3, 50, 1]))

    files = grouped_stage(
        "groups_large",
        beam.ParDo(stage_functions.ReadsTwice()),
        plain,
        layout(keyed(UTF8, {"kind": "bytes"})),
        kinds=(str, bytes),
    )

    def large() -> Iterator[pa.RecordBatch]:
        for key, count in (("a", 3), ("b", 24), ("c", 1)):
            for number in range(count):
                values = [bytes([number]) * (1 << 19) for _ in range(2)]
                yield pa.record_batch([pa.array([key] * 2), pa.array(values)], ["key", "value"])

    yield Case("groups_large", files, large)


def merging_cases() -> Iterator[Case]:
    """Groups in windows that merge, or are no intervals."""
    chance = random.Random(6)
    show = beam.Map(stage_functions.show_group)
    spans = sorted(
        (chance.choice("abc"), start, start + chance.choice([1, 20, 900]))
        for start in [chance.choice(EDGES) + chance.randrange(3000) for _ in range(200)]
    )
    rows = {
        "key": pa.array([key for key, _, _ in spans]),
        "value": pa.array(range(200)),
        "timestamp": pa.array([chance.randrange(-9, 9) * 1000 for _ in spans]),
        "window_start": pa.array([start for _, start, _ in spans]),
        "window_end": pa.array([end for _, _, end in spans]),
    }
    in_layout = layout(keyed(UTF8, VARINT), COLUMN, INTERVAL)
    for timestamp in ("end-of-window", "earliest", "latest"):
        name = f"sessions_{timestamp.replace('-', '_')}"
        grouping = {"merge": "sessions", "timestamp": timestamp}
        files = grouped_stage(name, show, grouping, in_layout, beam.WindowInto(Sessions(1)))
        yield Case(name, files, lambda: cut(rows, [3, 1, 60]))

    coder = stage_functions.TideCoder()
    tides = sorted(
        (chance.choice("abc"), coder.encode(stage_functions.Tide(Timestamp(end), level)))
        for end, level in itertools.product([-5, 0, 1, 2.5, 60, 61], ["low", "high"] * 9)
    )
    encoded = {
        "key": pa.array([key for key, _ in tides]),
        "value": pa.array(range(len(tides))),
        "timestamp": pa.array([chance.randrange(-9, 9) * 1000 for _ in tides]),
        "window": pa.array([window for _, window in tides], pa.binary()),
    }
    for merge, function in (
        ("none", stage_functions.Tides()),
        ("custom", stage_functions.Floods()),
    ):
        for timestamp in ("end-of-window", "latest"):
            in_layout = layout(keyed(UTF8, VARINT), COLUMN, {"kind": "encoded"})
            name = f"tides_{merge}_{timestamp.replace('-', '_')}"
            grouping = {"merge": merge, "timestamp": timestamp}
            files = grouped_stage(name, show, grouping, in_layout, beam.WindowInto(function))
            yield Case(name, files, lambda: cut(encoded, [3, 1, 60]))


def keyed_stage(
    name: str, function: beam.DoFn, in_layout: dict[str, Any], **options: Any
) -> StageFiles:
    """A stage of one function with state or timers."""
    window = options.pop("window", None)
    kinds = options.pop("kinds", (str, int))

    def build(pipeline: beam.Pipeline) -> None:
        pairs = pipeline | "In" >> beam.Create([]).with_output_types(tuple[kinds])
        if window is not None:
            pairs |= "Window" >> window
        pairs | "Keep" >> beam.ParDo(function).with_output_types(tuple[str, int])

    proto = capture(build)
    (transform,) = (t for t in proto.components.transforms.values() if t.unique_name == "Keep")
    payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
    for field, value in options.items():
        setattr(payload, field, value)
    transform.spec.payload = payload.SerializeToString()
    out = layout(keyed(UTF8, VARINT), COLUMN, in_layout["window"], COLUMN)
    return StageFiles(proto, name, ["Keep"], in_layout, [Output("Keep", out)], keyed=True)


def keyed_cases() -> Iterator[Case]:
    """Functions with state and timers."""
    sizes = {"": 3, "a": 1, "b": 400, "c": 2, "d\0": 5}
    keys = [key for key, size in sizes.items() for _ in range(size)]
    rows = {"key": pa.array(keys), "value": pa.array(range(len(keys)))}
    pairs = layout(keyed(UTF8, VARINT), {"kind": "constant", "millis": "7"})
    remembers = stateful_functions.Remembers()
    yield Case("keyed", keyed_stage("keyed", remembers, pairs), lambda: cut(rows, [2, 1, 50]))
    files = keyed_stage("keyed_cut", remembers, pairs)
    yield Case("keyed_cut", files, lambda: cut(rows, [2, 1, 50]), 200, 0)
    rings = stateful_functions.Rings()
    expires = {"on_window_expiration_timer_family_spec": "ts-last"}
    few = {"key": pa.array(["k", "k", "l"]), "value": pa.array([1, 2, 1])}
    files = keyed_stage("timers", rings, pairs, **expires)
    yield Case("timers", files, lambda: cut(few, [2]))
    windowed = {
        **few,
        "timestamp": pa.array([0, 1000, 5]),
        "window_start": pa.array([-1000, 0, 0]),
        "window_end": pa.array([0, 1000, 1000]),
    }
    in_layout = layout(keyed(UTF8, VARINT), COLUMN, INTERVAL)
    window = beam.WindowInto(FixedWindows(1))
    files = keyed_stage("timers_windowed", rings, in_layout, window=window, **expires)
    yield Case("timers_windowed", files, lambda: cut(windowed, [2]))


def cases() -> Iterator[Case]:
    """All cases."""
    yield from group_cases()
    yield from merging_cases()
    yield from keyed_cases()
