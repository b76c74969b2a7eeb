"""The least and the greatest double as Java's `Math` has them."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F


def ieee_min(name: str) -> Column:
    """The least value of a double column as Java's `Math.min` has it: NaN wins, -0.0 before 0.0."""
    least = F.min(name)
    return (
        F.when(F.max(F.isnan(name)), F.lit(float("nan")))
        .when(least == 0, _zero_of(F.min(_sign_of_zero(name))))
        .otherwise(least)
    )


def ieee_max(name: str) -> Column:
    """The greatest value of a double column as Java's `Math.max` has it: NaN wins, 0.0 after -0.0.

    Spark's own `max` has NaN as the greatest, too, and takes the two zeros for the same.
    """
    greatest = F.max(name)
    return F.when(greatest == 0, _zero_of(F.max(_sign_of_zero(name)))).otherwise(greatest)


def _sign_of_zero(name: str) -> Column:
    """-1.0 for -0.0 and 1.0 for 0.0, which only their texts tell apart; null for other numbers."""
    column = F.col(name)
    is_negative = F.startswith(column.cast("string"), F.lit("-"))
    return F.when(column == 0, F.when(is_negative, F.lit(-1.0)).otherwise(F.lit(1.0)))


def _zero_of(sign: Column) -> Column:
    """A zero with a sign. It is computed, as Spark takes the literals of the two zeros for one."""
    return sign * F.lit(0.0)
