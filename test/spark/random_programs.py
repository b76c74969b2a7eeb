"""Beam programs made at random: every seed is a pipeline of many transforms, always the same one.

What they make does not depend on the order of elements, so that any runner gives the same multiset.
"""

import random

import apache_beam as beam
from apache_beam.coders import VarIntCoder
from apache_beam.transforms import userstate
from apache_beam.transforms.combiners import CountCombineFn
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.window import (
    FixedWindows,
    GlobalWindows,
    Sessions,
    SlidingWindows,
    TimestampCombiner,
    TimestampedValue,
)

KEYS = ["", "a", "b", "ä\U0001f600", "long " * 40]


class Spread(beam.CombineFn):
    """A user's own CombineFn: the smallest, the largest, and how many there were."""

    def create_accumulator(self):
        return []

    def add_input(self, accumulator, element):
        return self.merge_accumulators([accumulator, [element, element, 1]])

    def merge_accumulators(self, accumulators):
        parts = [part for part in accumulators if part]
        if not parts:
            return []
        return [min(p[0] for p in parts), max(p[1] for p in parts), sum(p[2] for p in parts)]

    def extract_output(self, accumulator):
        return tuple(accumulator)


class TallyAtEnd(beam.DoFn):
    """Counts and adds in state, and says both when the window ends."""

    COUNT = userstate.CombiningValueStateSpec("count", VarIntCoder(), CountCombineFn())
    SEEN = userstate.BagStateSpec("seen", VarIntCoder())
    KEY = userstate.ReadModifyWriteStateSpec("key", beam.coders.StrUtf8Coder())
    END = userstate.TimerSpec("end", TimeDomain.WATERMARK)

    def process(
        self,
        element,
        window=beam.DoFn.WindowParam,
        count=beam.DoFn.StateParam(COUNT),
        seen=beam.DoFn.StateParam(SEEN),
        key=beam.DoFn.StateParam(KEY),
        end=beam.DoFn.TimerParam(END),
    ):
        count.add(1)
        seen.add(element[1])
        key.write(element[0])
        end.set(window.max_timestamp())

    @userstate.on_timer(END)
    def say(
        self,
        count=beam.DoFn.StateParam(COUNT),
        seen=beam.DoFn.StateParam(SEEN),
        key=beam.DoFn.StateParam(KEY),
    ):
        yield key.read(), 1000 * count.read() + sum(seen.read())


class Program:
    """Builds one random pipeline; `record(label)` gives the sinks."""

    def __init__(self, pipeline, seed, record):
        self._random = random.Random(seed)
        self._pipeline = pipeline
        self._record = record
        self._labels = 0
        # What is there to go on from: pairs of str and int, each with the name of its windows.
        self._pairs = []

    def build(self, steps):
        """Adds so many transforms, and a sink to whatever they leave."""
        for _ in range(3):
            self._pairs.append((self._create(), "global"))
        for _ in range(steps):
            self._random.choice(self._steps())()
        for pairs, _ in self._pairs:
            self._sink(pairs)

    def _steps(self):
        return [
            self._map,
            self._repeat,
            self._drop,
            self._window,
            self._window,
            self._group,
            self._combine,
            self._combine,
            self._co_group,
            self._flatten,
            self._side_input,
            self._side_input,
            self._reshuffle,
            self._partition,
            self._distinct,
            self._stateful,
            self._fork,
            self._restamp,
        ]

    def _label(self, name):
        self._labels += 1
        return f"{self._labels} {name}"

    def _pick(self):
        return self._pairs.pop(self._random.randrange(len(self._pairs)))

    def _keep(self, pairs, windows):
        self._pairs.append((pairs, windows))

    def _sink(self, pcollection):
        label = self._label("Record")
        _ = pcollection | label >> beam.ParDo(self._record(label))

    def _create(self):
        count = self._random.choice([0, 1, 40, 40, 60, 60])
        elements = [
            TimestampedValue(
                (self._random.choice(KEYS), self._random.randrange(-5, 1 << 40)),
                self._random.choice([-30.5, 0, 3, 3.25, 9.999, 10, 31, 45.125, 100]),
            )
            for _ in range(count)
        ]
        return (
            self._pipeline
            | self._label("Create") >> beam.Create(elements, reshuffle=self._random.random() < 0.5)
            | self._label("Stamp")
            >> beam.Map(lambda element: element).with_output_types(tuple[str, int])
        )

    def _map(self):
        pairs, windows = self._pick()
        step = self._random.randrange(1, 9)
        mapped = pairs | self._label("Map") >> beam.MapTuple(
            lambda key, value, step=step: (key[step % 3 :] or key, (value * 7 + step) % 1000)
        ).with_output_types(tuple[str, int])
        self._keep(mapped, windows)

    def _repeat(self):
        pairs, windows = self._pick()
        if len(self._pairs) > 6:
            self._keep(pairs, windows)
            return
        repeated = pairs | self._label("Repeat") >> beam.FlatMap(
            lambda pair: [(pair[0], pair[1] % 5), (pair[0] + "x", 3)] * (pair[1] % 2)
        ).with_output_types(tuple[str, int])
        self._keep(repeated, windows)

    def _drop(self):
        pairs, windows = self._pick()
        self._keep(pairs | self._label("Drop") >> beam.Filter(lambda pair: pair[1] % 3), windows)

    def _window(self):
        pairs, _ = self._pick()
        choices = {
            "global": GlobalWindows(),
            "fixed": FixedWindows(10),
            "offset": FixedWindows(7, 3),
            "sliding": SlidingWindows(10, 4),
            "sessions": Sessions(5),
        }
        name = self._random.choice(sorted(choices))
        combiner = self._random.choice(
            [
                TimestampCombiner.OUTPUT_AT_EOW,
                TimestampCombiner.OUTPUT_AT_EARLIEST,
                TimestampCombiner.OUTPUT_AT_LATEST,
            ]
        )
        windowed = pairs | self._label(f"Window {name} {combiner}") >> beam.WindowInto(
            choices[name], timestamp_combiner=combiner
        )
        self._keep(windowed, f"{name} {combiner}")

    def _group(self):
        pairs, windows = self._pick()
        grouped = (
            pairs
            | self._label("Group") >> beam.GroupByKey()
            | self._label("Sort") >> beam.MapTuple(lambda key, values: (key, sorted(values)))
        )
        self._sink(grouped)
        summed = grouped | self._label("Add") >> beam.MapTuple(
            lambda key, values: (key, sum(values) + len(values))
        ).with_output_types(tuple[str, int])
        self._keep(summed, windows)

    def _combine(self):
        pairs, windows = self._pick()
        name = self._random.choice(["sum", "min", "max", "count", "mean", "spread", "top", "hot"])
        label = self._label(f"Combine {name}")
        if name in ("sum", "min", "max"):
            function = {"sum": sum, "min": min, "max": max}[name]
            combined = pairs | label >> beam.CombinePerKey(function)
            typed = combined | self._label("Type") >> beam.Map(lambda pair: pair).with_output_types(
                tuple[str, int]
            )
            self._keep(typed, windows)
        elif name == "count":
            self._keep(pairs | label >> beam.combiners.Count.PerKey(), windows)
        else:
            combiner = {
                "mean": beam.combiners.Mean.PerKey(),
                "spread": beam.CombinePerKey(Spread()),
                "top": beam.combiners.Top.PerKey(3),
                "hot": beam.CombinePerKey(Spread()).with_hot_key_fanout(3),
            }[name]
            self._sink(pairs | label >> combiner)
            self._keep(pairs, windows)

    def _same_windows(self):
        """Another collection brought into the windows of one: operators ask for that."""
        first, windows = self._pick()
        if not self._pairs:
            return first, None, windows
        second, others = self._random.choice(self._pairs)
        return first, second if others == windows else None, windows

    def _co_group(self):
        first, second, windows = self._same_windows()
        if second is not None:
            joined = {"left": first, "right": second} | self._label(
                "CoGroup"
            ) >> beam.CoGroupByKey()
            self._sink(
                joined
                | self._label("Sides")
                >> beam.MapTuple(
                    lambda key, sides: (key, [sorted(sides[s]) for s in sorted(sides)])
                )
            )
        self._keep(first, windows)

    def _flatten(self):
        first, second, windows = self._same_windows()
        parts = [first, first if second is None else second]
        self._keep(parts | self._label("Flatten") >> beam.Flatten(), windows)

    def _side_input(self):
        main, windows = self._pick()
        side, side_windows = self._random.choice([*self._pairs, (main, windows)])
        if side_windows.startswith("sessions"):
            # Beam has no mapping into windows that merge.
            self._keep(main, windows)
            return
        kind = self._random.choice(["list", "iter", "multimap", "singleton"])
        label = self._label(f"Side {kind}")
        if kind in ("list", "iter"):
            view = (beam.pvalue.AsList if kind == "list" else beam.pvalue.AsIter)(side)
            used = main | label >> beam.Map(
                lambda pair, all: (pair[0], pair[1] + sum(v for _, v in all)), view
            )
        elif kind == "multimap":
            used = main | label >> beam.Map(
                lambda pair, by_key: (pair[0], pair[1] + sum(by_key[pair[0]])),
                beam.pvalue.AsMultiMap(side),
            )
        else:
            total = (
                side
                | self._label("Values") >> beam.Values()
                | self._label("Total") >> beam.CombineGlobally(sum).without_defaults()
            )
            used = main | label >> beam.Map(
                lambda pair, total: (pair[0], pair[1] * 3 + total),
                beam.pvalue.AsSingleton(total, default_value=-7),
            )
        typed = used | self._label("Type") >> beam.Map(lambda pair: pair).with_output_types(
            tuple[str, int]
        )
        self._keep(typed, windows)

    def _reshuffle(self):
        pairs, windows = self._pick()
        self._keep(pairs | self._label("Reshuffle") >> beam.Reshuffle(), windows)

    def _partition(self):
        pairs, windows = self._pick()
        parts = pairs | self._label("Partition") >> beam.Partition(lambda pair, n: pair[1] % n, 2)
        self._sink(parts[0])
        self._keep(parts[1], windows)

    def _distinct(self):
        pairs, windows = self._pick()
        self._keep(pairs | self._label("Distinct") >> beam.Distinct(), windows)

    def _stateful(self):
        pairs, windows = self._pick()
        if windows.startswith("sessions"):
            self._keep(pairs, windows)
            return
        tally = pairs | self._label("Tally") >> beam.ParDo(TallyAtEnd()).with_output_types(
            tuple[str, int]
        )
        self._keep(tally, windows)

    def _fork(self):
        pairs, windows = self._random.choice(self._pairs)
        if len(self._pairs) < 6:
            self._keep(pairs, windows)

    def _restamp(self):
        pairs, windows = self._pick()
        stamped = pairs | self._label("Restamp") >> beam.Map(
            lambda pair, time=beam.DoFn.TimestampParam: TimestampedValue(
                pair, min(float(time.micros // 1_000_000), 1e6) + 2
            )
        ).with_output_types(tuple[str, int])
        self._keep(stamped, windows)
