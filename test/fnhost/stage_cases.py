"""Stages and rows that are to give the same on both lanes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import apache_beam as beam
import pyarrow as pa
import stage_functions
import stateful_functions
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.transforms.window import FixedWindows, Sessions, TimestampCombiner
from apache_beam.utils.timestamp import Timestamp
from beam2spark_runtime.stage_description import StageDescription
from stage_files import COLUMN, INTERVAL, UTF8, VARINT, Output, StageFiles, capture, keyed, layout

EDGES = [-9223372036854775, 9223371950454775, -1, 0, 1, 999, 1000, 5_000_000]


class CaseStage(Protocol):
    """A stage: what it is in a pipeline of many, and its files."""

    name: str

    def build(self, pipeline: beam.Pipeline) -> None:
        """Adds its transforms, whose names begin with its own."""

    def files(self, proto: beam_runner_api_pb2.Pipeline) -> StageFiles:
        """Its files, once the pipeline is captured."""


@dataclass
class Case:
    """A stage with its rows."""

    stage: CaseStage
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


@dataclass
class GroupedStage:
    """One function over groups."""

    name: str
    function: Any
    grouping: dict[str, str]
    layout: dict[str, Any]
    window: Any = None
    kinds: tuple[Any, Any] = (str, int)

    def build(self, pipeline: beam.Pipeline) -> None:
        """Adds its transforms, whose names begin with its own."""
        pairs = create_pairs(pipeline, self.name, self.kinds, self.window)
        groups = pairs | f"{self.name} Group" >> beam.GroupByKey()
        groups | f"{self.name} Show" >> self.function.with_output_types(str)

    def files(self, proto: beam_runner_api_pb2.Pipeline) -> StageFiles:
        """Its files, once the pipeline is captured."""
        group = find_transform(proto, f"{self.name} Group")
        (pcollection,) = group.inputs.values()
        windowing = proto.components.pcollections[pcollection].windowing_strategy_id
        in_layout = with_window_coder(self.layout, proto, pcollection)
        show = f"{self.name} Show"
        out = layout(UTF8, COLUMN, in_layout["window"], COLUMN)
        grouping = {"name": "Group", "windowing": windowing, **self.grouping}
        return StageFiles(
            proto, self.name, [show], in_layout, [Output(show, out)], grouped=grouping
        )


@dataclass
class KeyedStage:
    """One function with state or timers; `expires` names a timer family for windows' ends."""

    name: str
    function: beam.DoFn
    layout: dict[str, Any]
    window: Any = None
    expires: str = ""

    def build(self, pipeline: beam.Pipeline) -> None:
        """Adds its transforms, whose names begin with its own."""
        pairs = create_pairs(pipeline, self.name, (str, int), self.window)
        keep = beam.ParDo(self.function).with_output_types(tuple[str, int])
        pairs | f"{self.name} Keep" >> keep

    def files(self, proto: beam_runner_api_pb2.Pipeline) -> StageFiles:
        """Its files, once the pipeline is captured."""
        keep = f"{self.name} Keep"
        transform = find_transform(proto, keep)
        payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
        payload.on_window_expiration_timer_family_spec = self.expires
        transform.spec.payload = payload.SerializeToString()
        (pcollection,) = transform.inputs.values()
        in_layout = with_window_coder(self.layout, proto, pcollection)
        out = layout(keyed(UTF8, VARINT), COLUMN, in_layout["window"], COLUMN)
        return StageFiles(proto, self.name, [keep], in_layout, [Output(keep, out)], keyed=True)


def create_pairs(pipeline: beam.Pipeline, name: str, kinds: tuple[Any, Any], window: Any) -> Any:
    """A PCollection of pairs; the tests' rows stand for what it has."""
    pairs = pipeline | f"{name} In" >> beam.Create([]).with_output_types(tuple[kinds])
    return pairs if window is None else pairs | f"{name} Window" >> window


def with_window_coder(
    layout_: dict[str, Any], proto: beam_runner_api_pb2.Pipeline, pcollection: str
) -> dict[str, Any]:
    """A layout; if its windows are encoded, then in the coder of a PCollection's."""
    if layout_["window"]["kind"] != "encoded":
        return layout_
    windowing = proto.components.pcollections[pcollection].windowing_strategy_id
    coder = proto.components.windowing_strategies[windowing].window_coder_id
    return {**layout_, "window": {"kind": "encoded", "coder": coder}}


def find_transform(
    proto: beam_runner_api_pb2.Pipeline, name: str
) -> beam_runner_api_pb2.PTransform:
    """The transform of this full name."""
    (found,) = (t for t in proto.components.transforms.values() if t.unique_name == name)
    return found


def group_cases() -> Iterator[Case]:
    """Groups of keys and windows."""
    chance = random.Random(5)
    show = beam.Map(stage_functions.show_group)
    plain = {"merge": "none", "timestamp": "end-of-window"}
    keys = sorted(chance.choices(["", "a", "b\0", "ä", "x" * 300], k=300))
    rows = {"key": pa.array(keys), "value": pa.array(range(300))}
    stage = GroupedStage("groups", show, plain, layout(keyed(UTF8, VARINT)))
    yield Case(stage, lambda: cut(rows, [1, 7, 0, 100, 2]))

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
        stage = GroupedStage(name, show, {**plain, "timestamp": timestamp}, in_layout, window)
        yield Case(stage, lambda: cut(windowed, [3, 50, 1]))

    stage = GroupedStage(
        "groups_large",
        beam.ParDo(stage_functions.ReadsTwice()),
        plain,
        layout(keyed(UTF8, {"kind": "bytes"})),
        kinds=(str, bytes),
    )

    def large() -> Iterator[pa.RecordBatch]:
        for key, count in (("a", 3), ("aa", 2), ("b", 24), ("c", 1), ("d", 2)):
            for number in range(count):
                values = [bytes([number]) * (1 << 19) for _ in range(2)]
                yield pa.record_batch([pa.array([key] * 2), pa.array(values)], ["key", "value"])

    yield Case(stage, large)


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
        stage = GroupedStage(name, show, grouping, in_layout, beam.WindowInto(Sessions(1)))
        yield Case(stage, lambda: cut(rows, [3, 1, 60]))

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
            stage = GroupedStage(name, show, grouping, in_layout, beam.WindowInto(function))
            yield Case(stage, lambda: cut(encoded, [3, 1, 60]))


def keyed_cases() -> Iterator[Case]:
    """Functions with state and timers."""
    sizes = {"": 3, "a": 1, "b": 400, "c": 2, "d\0": 5}
    keys = [key for key, size in sizes.items() for _ in range(size)]
    rows = {"key": pa.array(keys), "value": pa.array(range(len(keys)))}
    pairs = layout(keyed(UTF8, VARINT), {"kind": "constant", "millis": "7"})
    remembers = stateful_functions.Remembers()
    yield Case(KeyedStage("keyed", remembers, pairs), lambda: cut(rows, [2, 1, 50]))
    stage = KeyedStage("keyed_cut", remembers, pairs)
    yield Case(stage, lambda: cut(rows, [2, 1, 50]), 200, 0)
    rings = stateful_functions.Rings()
    few = {"key": pa.array(["k", "k", "l"]), "value": pa.array([1, 2, 1])}
    stage = KeyedStage("timers", rings, pairs, expires="ts-last")
    yield Case(stage, lambda: cut(few, [2]))
    windowed = {
        **few,
        "timestamp": pa.array([0, 1000, 5]),
        "window_start": pa.array([-1000, 0, 0]),
        "window_end": pa.array([0, 1000, 1000]),
    }
    in_layout = layout(keyed(UTF8, VARINT), COLUMN, INTERVAL)
    window = beam.WindowInto(FixedWindows(1))
    stage = KeyedStage("timers_windowed", rings, in_layout, window, "ts-last")
    yield Case(stage, lambda: cut(windowed, [2]))
    coder = stage_functions.TideCoder()
    tides = [
        coder.encode(stage_functions.Tide(Timestamp(end), level))
        for end, level in [(3, "low"), (60, "high"), (3, "high")]
    ]
    encoded = {**few, "window": pa.array(tides, pa.binary())}
    end = {"kind": "end-of-window"}
    in_layout = layout(keyed(UTF8, VARINT), end, {"kind": "encoded"})
    window = beam.WindowInto(stage_functions.Tides())
    stage = KeyedStage("timers_tides", rings, in_layout, window, "ts-last")
    yield Case(stage, lambda: cut(encoded, [2]))


def cases() -> list[Case]:
    """All cases."""
    return [*group_cases(), *merging_cases(), *keyed_cases()]


def write_stages(chosen: Sequence[Case], folder: str) -> list[StageDescription]:
    """Writes the stages of cases to a folder: one pipeline has them all."""

    def build(pipeline: beam.Pipeline) -> None:
        for case in chosen:
            case.stage.build(pipeline)

    proto = capture(build)
    descriptions = []
    for case in chosen:
        name = case.stage.files(proto).write(Path(folder))
        stages = Path(folder, "stages")
        descriptor = (stages / f"{name}.pb").read_bytes()
        descriptions.append(StageDescription(descriptor, (stages / f"{name}.json").read_text()))
    return descriptions
