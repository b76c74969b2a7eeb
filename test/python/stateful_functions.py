"""User functions with state and timers, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam
from apache_beam.coders import BytesCoder, VarIntCoder
from apache_beam.transforms import userstate


class Remembers(beam.DoFn):
    """Keeps a key's values and says how many there are; at its end, a timer gives all of them."""

    HELD = userstate.BagStateSpec("held", VarIntCoder())
    COUNT = userstate.CombiningValueStateSpec("count", sum)
    END = userstate.TimerSpec("end", userstate.TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, int],
        held: Any = beam.DoFn.StateParam(HELD),
        count: Any = beam.DoFn.StateParam(COUNT),
        end: Any = beam.DoFn.TimerParam(END),
    ) -> Iterator[tuple[str, int]]:
        held.add(element[1])
        count.add(1)
        end.set(100)
        yield element[0], count.read()

    @userstate.on_timer(END)
    def give(
        self, key: Any = beam.DoFn.KeyParam, held: Any = beam.DoFn.StateParam(HELD)
    ) -> Iterator[tuple[str, int]]:
        values = list(held.read())
        yield f"{key} of {len(values)}", sum(values)


class Misfits(beam.DoFn):
    """Keeps what its cell has no coder for."""

    HELD = userstate.BagStateSpec("held", VarIntCoder())

    def process(
        self, element: tuple[str, int], held: Any = beam.DoFn.StateParam(HELD)
    ) -> Iterator[tuple[str, int]]:
        held.add("a text")
        yield element


class Rings(beam.DoFn):
    """Timers of both domains, out of order, with some that are set by timers."""

    EVENT = userstate.TimerSpec("event", userstate.TimeDomain.WATERMARK)
    CLOCK = userstate.TimerSpec("clock", userstate.TimeDomain.REAL_TIME)
    LAST = userstate.TimerSpec("last", userstate.TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, int],
        event: Any = beam.DoFn.TimerParam(EVENT),
        clock: Any = beam.DoFn.TimerParam(CLOCK),
    ) -> None:
        clock.set(10)
        event.set(300, dynamic_timer_tag="c")
        event.set(100, dynamic_timer_tag="a")
        event.set(200, dynamic_timer_tag="b")
        clock.set(5, dynamic_timer_tag="early")

    @userstate.on_timer(EVENT)
    def ring_event(
        self,
        tag: Any = beam.DoFn.DynamicTimerTagParam,
        time: Any = beam.DoFn.TimestampParam,
        event: Any = beam.DoFn.TimerParam(EVENT),
    ) -> Iterator[tuple[str, int]]:
        yield f"event {tag}", int(time)
        if tag == "a":
            event.set(150, dynamic_timer_tag="set by a")
            event.clear(dynamic_timer_tag="c")

    @userstate.on_timer(CLOCK)
    def ring_clock(
        self,
        tag: Any = beam.DoFn.DynamicTimerTagParam,
        time: Any = beam.DoFn.TimestampParam,
        event: Any = beam.DoFn.TimerParam(EVENT),
    ) -> Iterator[tuple[str, int]]:
        yield f"clock {tag}", int(time)
        if tag == "early":
            event.set(1, dynamic_timer_tag="set by early")

    @userstate.on_timer(LAST)
    def ring_last(
        self, key: Any = beam.DoFn.KeyParam, time: Any = beam.DoFn.TimestampParam
    ) -> Iterator[tuple[str, int]]:
        yield f"last of {key}", time.micros

    def unused(self, last: Any = beam.DoFn.TimerParam(LAST)) -> None:
        """Beam finds a function's timers by the parameters of its methods."""


class Hoards(beam.DoFn):
    """Keeps everything, and says at the end of the key how much it was."""

    HELD = userstate.BagStateSpec("held", BytesCoder())
    END = userstate.TimerSpec("end", userstate.TimeDomain.WATERMARK)

    def process(
        self,
        element: tuple[str, bytes],
        held: Any = beam.DoFn.StateParam(HELD),
        end: Any = beam.DoFn.TimerParam(END),
    ) -> None:
        held.add(element[1])
        end.set(1)

    @userstate.on_timer(END)
    def measure(
        self, key: Any = beam.DoFn.KeyParam, held: Any = beam.DoFn.StateParam(HELD)
    ) -> Iterator[tuple[str, int]]:
        yield key, sum(map(len, held.read()))
