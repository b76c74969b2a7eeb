"""How many outputs of a plain function go on at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pytest
from apache_beam.pvalue import Row, TaggedOutput
from apache_beam.transforms.window import TimestampedValue
from beam2spark_runtime.small_data import is_data
from beam2spark_runtime.step_size import LONGEST_STEP, STEP_BYTES, STEP_SECONDS, next_step


def test_quick_functions_give_more_at_a_time_and_slow_ones_one() -> None:
    step = 1
    for _ in range(20):
        step = next_step(step, STEP_SECONDS / 10, "word")
    assert step == LONGEST_STEP
    assert next_step(step, STEP_SECONDS, "word") == step
    for _ in range(4):
        step = next_step(step, STEP_SECONDS * 100, "word")
    assert step == 1


def test_large_outputs_go_on_a_few_at_a_time_however_quick_they_are() -> None:
    assert next_step(LONGEST_STEP, 0.0, bytes(STEP_BYTES // 4)) == 3
    assert next_step(LONGEST_STEP, 0.0, bytes(100 * STEP_BYTES)) == 1


class _Held:
    """Of these few may be alive."""


class _Point(NamedTuple):
    x: int
    y: Any


def test_objects_go_on_one_at_a_time() -> None:
    assert next_step(LONGEST_STEP, 0.0, ("key", _Held())) == 1


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 1, 1.5, "text", b"bytes", Decimal(1), date(2020, 2, 29)),
        *(np.int64(1), np.zeros(2), Row(a=1), _Point(1, 2)),
        *((1, ("a", [2.0])), {"a": {1, 2}}, TimestampedValue("a", 1), TaggedOutput("t", 1)),
    ],
)
def test_ordinary_data_is(value: Any) -> None:
    assert is_data(value)


def _generate() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize(
    "value",
    [_Held(), ("a", _Held()), {"a": [_Held()]}, _Point(1, _Held()), _generate()],
)
def test_objects_are_not(value: Any) -> None:
    assert not is_data(value)
