"""How many outputs of a plain function go on at once."""

from __future__ import annotations

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
