"""User functions of the tests, in a module that the workers import by name."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import registry
from apache_beam.io import restriction_trackers
from apache_beam.metrics import Metrics
from apache_beam.options.value_provider import RuntimeValueProvider
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import Duration
from apache_beam.utils.windowed_value import WindowedValue


def note(path: str, line: str) -> None:
    """Appends a line to a file, in one write."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(line + "\n")


class NotesLifecycle(beam.DoFn):
    """Writes each of its calls down."""

    def __init__(self, path: str):
        self._path = path

    def _note(self, event: str) -> None:
        note(self._path, f"{os.getpid()} {id(self)} {event}")

    def setup(self) -> None:
        self._note("setup")

    def start_bundle(self) -> None:
        self._note("start")
        self._count = 0

    def process(self, element: int) -> Iterator[int]:
        self._count += 1
        yield element

    def finish_bundle(self) -> Iterator[WindowedValue]:
        self._note(f"finish {self._count}")
        yield WindowedValue(-self._count, 0, [GlobalWindow()])

    def teardown(self) -> None:
        self._note("teardown")


class Counts(beam.DoFn):
    """Counts in every kind of metric."""

    def process(self, element: int) -> Iterator[int]:
        Metrics.counter("words", "seen").inc()
        Metrics.distribution("words", "sizes").update(element)
        Metrics.gauge("words", "last").set(7)
        Metrics.string_set("words", "kinds").add(f"k{element % 3}")
        Metrics.bounded_trie("words", "paths").add(("a", str(element % 2)))
        yield element


class Huge(beam.DoFn):
    """One element, many mebibytes of outputs."""

    def __init__(self, mebibytes: int):
        self._mebibytes = mebibytes

    def process(self, element: Any) -> Iterator[bytes]:
        for index in range(self._mebibytes):
            yield index.to_bytes(4, "big") + bytes((1 << 20) - 4)


class SlowForever(beam.DoFn):
    """Never ends by itself; notes that it was ended."""

    def __init__(self, path: str):
        self._path = path

    def process(self, element: Any) -> Iterator[str]:
        try:
            while True:
                time.sleep(0.0001)
                yield "x" * 1000
        finally:
            note(self._path, "ended")


class OffsetProvider(beam.transforms.core.RestrictionProvider):
    """Offsets from zero to the element."""

    def initial_restriction(self, element: int) -> restriction_trackers.OffsetRange:
        return restriction_trackers.OffsetRange(0, element)

    def create_tracker(self, restriction: Any) -> Any:
        return restriction_trackers.OffsetRestrictionTracker(restriction)

    def restriction_size(self, element: int, restriction: Any) -> int:
        return restriction.size()

    def split(self, element: int, restriction: Any) -> Iterator[Any]:
        yield from restriction.split(5)


class CountProvider(OffsetProvider):
    """Offsets from zero to the element's number, whole."""

    def initial_restriction(self, element: Any) -> restriction_trackers.OffsetRange:
        return restriction_trackers.OffsetRange(0, element[1])

    def split(self, element: Any, restriction: Any) -> Iterator[Any]:
        yield restriction


class Counting(beam.DoFn):
    """A splittable function that stops itself after every second output."""

    def process(
        self,
        element: int,
        tracker: Any = beam.DoFn.RestrictionParam(OffsetProvider()),  # noqa: B008
    ) -> Iterator[tuple[int, int]]:
        position = tracker.current_restriction().start
        done = 0
        while tracker.try_claim(position):
            yield element, position
            position += 1
            done += 1
            if done == 2:
                tracker.defer_remainder(Duration(micros=1000))
                return


class FailingCombine(beam.CombineFn):
    """Adds numbers, and fails in one of its methods."""

    def __init__(self, method: str):
        self._method = method

    def _may_fail(self, method: str) -> None:
        if method == self._method:
            raise ValueError(f"no {method} today")

    def setup(self) -> None:
        self._may_fail("setup")

    def create_accumulator(self) -> int:
        self._may_fail("create_accumulator")
        return 0

    def add_input(self, accumulator: int, element: int) -> int:
        self._may_fail("add_input")
        return accumulator + element

    def merge_accumulators(self, accumulators: Any) -> int:
        self._may_fail("merge_accumulators")
        return sum(accumulators)

    def extract_output(self, accumulator: int) -> int:
        self._may_fail("extract_output")
        return accumulator


class Logs(beam.DoFn):
    """Logs its elements, in several ways and as often as it is told."""

    def __init__(self, times: int = 1, fails_at: int | None = None):
        self._times = times
        self._fails_at = fails_at

    def process(self, element: int) -> Iterator[int]:
        for _ in range(self._times):
            logging.getLogger("shop").info("saw %d", element)
        logging.warning("careful")
        logging.debug("not shown")
        if element == self._fails_at:
            raise ValueError("enough")
        yield element


def die(element: int) -> int:
    """Ends the process without a word."""
    os._exit(7)


class SleepsForever(beam.DoFn):
    """Notes the process that it never leaves."""

    def __init__(self, path: str):
        self._path = path

    def process(self, element: int) -> Iterator[int]:
        note(self._path, str(os.getpid()))
        while True:
            time.sleep(0.1)
        yield element


def double_slowly(element: int) -> int:
    """Twice the element, in a while."""
    time.sleep(0.05)
    return element * 2


class Scales(beam.DoFn):
    """Multiplies within a bundle that it counts; notes which instance is asked what."""

    def __init__(self, path: str):
        self._path = path

    def _note(self, event: str) -> None:
        note(self._path, f"{id(self)} {event}")

    def setup(self) -> None:
        self._note("setup")

    def start_bundle(self) -> None:
        self._note("start")
        self._seen = 0

    def process(self, element: int, factor: int, plus: int = 0) -> list[int]:
        self._seen += 1
        if self._seen == 1:
            self._note("first")
        return [element * factor + plus]

    def finish_bundle(self) -> None:
        self._note(f"finish {self._seen}")

    def teardown(self) -> None:
        self._note("teardown")


class ByElement(beam.window.NonMergingWindowFn):
    """A window function of a user's own: even and odd elements have windows of their own."""

    def assign(self, context: Any) -> list[Any]:
        start = 100 * (context.element % 2)
        return [beam.window.IntervalWindow(start, start + 50)]

    def get_window_coder(self) -> Any:
        return beam.coders.coders.IntervalWindowCoder()


class NotesTimes(beam.DoFn):
    """Notes each element with its timestamp, window and pane."""

    def __init__(self, path: str):
        self._path = path

    def process(
        self,
        element: int,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
        pane: Any = beam.DoFn.PaneInfoParam,
    ) -> None:
        note(self._path, f"{element} {timestamp} {window} {pane}")


def note_worker(element: int, path: str) -> int:
    """Notes what this process has of its jobs: a module's value, coders of users, a log level."""
    import beside

    time.sleep(0.05)
    coders = [kind.__name__ for kind in registry.custom_types]
    level = logging.getLogger("shop").level
    found = {"value": beside.VALUE, "coders": coders, "level": level, "process": os.getpid()}
    note(path, json.dumps(found))
    return element


def note_option(element: int, path: str) -> int:
    """Notes what the pipeline's option `flavour` is where it is asked for."""
    time.sleep(0.05)
    note(path, str(RuntimeValueProvider.get_value("flavour", str, "none")))
    return element


class Pausing(beam.DoFn):
    """A splittable function with one output before each pause; every element has its own delay."""

    def process(
        self,
        element: tuple[str, int],
        tracker: Any = beam.DoFn.RestrictionParam(CountProvider()),  # noqa: B008
    ) -> Iterator[tuple[str, int]]:
        position = tracker.current_restriction().start
        if tracker.try_claim(position):
            Metrics.counter("pausing", "outputs").inc()
            yield element[0], position
            tracker.defer_remainder(Duration(micros=1_500_000 if element[0] == "slow" else 0))


class Finalizes(beam.DoFn):
    """Notes each element, and again at the end of its bundle; 13 is unlucky there, -1 at once."""

    def __init__(self, notes: str):
        self.notes = notes

    def _finalize(self, element: int) -> None:
        if element == 13:
            raise ValueError("unlucky")
        note(self.notes, f"finalize {element}")

    def process(self, element: int, finalizer: Any = beam.DoFn.BundleFinalizerParam) -> list[int]:
        if element == -1:
            raise ValueError("a failure")
        note(self.notes, f"process {element}")
        finalizer.register(lambda: self._finalize(element))
        return [element]
