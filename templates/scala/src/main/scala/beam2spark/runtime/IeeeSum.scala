package beam2spark.runtime

import org.apache.spark.sql.Column
import org.apache.spark.sql.functions.{col, lit, min, startswith, sum, when}

/** Sums of doubles as languages add them that begin with the first one. */
object IeeeSum {

  /** The sum of a double column to which no 0.0 is added, as Go adds them: -0.0 where all are.
    *
    * Spark's own sum begins with 0.0. Only their texts tell the two zeros apart.
    */
  def ieeeSum(column: String): Column = {
    val value = col(column)
    val isNegativeZero = value === 0 && startswith(value.cast("string"), lit("-"))
    when(min(isNegativeZero), sum(column) * lit(-1.0)).otherwise(sum(column))
  }
}
