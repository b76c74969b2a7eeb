"""Native aggregates with Python's arithmetic."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F


def exact_sum(column: str | Column) -> Column:
    """The sum of a bigint column as `decimal(38,0)`: it neither overflows nor loses a digit.

    Layout `integer`. For a double column use Spark's own `sum`.
    """
    return F.sum(
        F.col(column).cast("decimal(19,0)")
        if isinstance(column, str)
        else column.cast("decimal(19,0)")
    )
