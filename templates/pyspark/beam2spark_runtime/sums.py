"""Native aggregates with the arithmetic of the languages that Beam has."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

# A 64-bit integer is split into three parts of so many bits, the last one signed.
_BITS = 21
_MASK = (1 << _BITS) - 1


def exact_sum(name: str) -> Column:
    """The sum of a bigint column as `decimal(38,0)` (layout `integer`): every digit, no overflow.

    Sums of the parts fit 64 bits for 2^42 rows, and adding up longs is as fast as Spark gets, while
    a sum of decimals takes more than twice the time. For a double column use Spark's own `sum`.
    """
    column = F.col(name)
    low = column.bitwiseAND(F.lit(_MASK))
    middle = F.shiftright(column, _BITS).bitwiseAND(F.lit(_MASK))
    high = F.shiftright(column, 2 * _BITS)
    total = _sum_shifted(high, 2 * _BITS) + _sum_shifted(middle, _BITS) + _sum_shifted(low, 0)
    return total.cast("decimal(38,0)")


def _sum_shifted(part: Column, bits: int) -> Column:
    factor = 1 << bits
    return F.sum(part).cast("decimal(20,0)") * F.lit(factor).cast(f"decimal({len(str(factor))},0)")


def wrapping_sum(name: str, bits: int) -> Column:
    """The sum of a bigint column of integers of `bits` bits, as Go and Java add them: as `bigint`.

    What does not fit the bits is cut off, where Spark's own sum fails. Parts are added up as in
    `exact_sum`; only shifts carry over from one to the next, as they overflow without an error.
    """
    column = F.col(name)
    low = F.sum(column.bitwiseAND(F.lit(_MASK)))
    middle = F.sum(F.shiftright(column, _BITS).bitwiseAND(F.lit(_MASK))) + F.shiftright(low, _BITS)
    high = F.sum(F.shiftright(column, 2 * _BITS)) + F.shiftright(middle, _BITS)
    total = (
        F.shiftleft(high, 2 * _BITS)
        .bitwiseOR(F.shiftleft(middle.bitwiseAND(F.lit(_MASK)), _BITS))
        .bitwiseOR(low.bitwiseAND(F.lit(_MASK)))
    )
    return total if bits == 64 else F.shiftright(F.shiftleft(total, 64 - bits), 64 - bits)


def ieee_sum(name: str) -> Column:
    """The sum of a double column to which no 0.0 is added, as Go adds them: -0.0 where all are.

    Spark's own sum begins with 0.0. Only their texts tell the two zeros apart.
    """
    column = F.col(name)
    is_negative_zero = (column == 0) & F.startswith(column.cast("string"), F.lit("-"))
    return F.when(F.min(is_negative_zero), F.sum(name) * F.lit(-1.0)).otherwise(F.sum(name))
