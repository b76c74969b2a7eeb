"""Native aggregates with Python's arithmetic."""

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
