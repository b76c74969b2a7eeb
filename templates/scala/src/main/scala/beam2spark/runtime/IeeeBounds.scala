package beam2spark.runtime

import org.apache.spark.sql.Column
import org.apache.spark.sql.functions.{col, isnan, lit, max, min, startswith, when}

/** The least and the greatest double as Java's `Math` has them. */
object IeeeBounds {

  /** The least value of a double column as `Math.min` has it: NaN wins, -0.0 before 0.0. */
  def ieeeMin(column: String): Column = {
    val least = min(column)
    when(max(isnan(col(column))), lit(Double.NaN))
      .when(least === 0, zeroOf(min(signOfZero(column))))
      .otherwise(least)
  }

  /** The greatest value of a double column as `Math.max` has it: NaN wins, 0.0 after -0.0.
    *
    * Spark's own `max` has NaN as the greatest, too, and takes the two zeros for the same.
    */
  def ieeeMax(column: String): Column = {
    val greatest = max(column)
    when(greatest === 0, zeroOf(max(signOfZero(column)))).otherwise(greatest)
  }

  /** -1.0 for -0.0 and 1.0 for 0.0, which only their texts tell apart; null for other numbers. */
  private def signOfZero(column: String): Column = {
    val value = col(column)
    val isNegative = startswith(value.cast("string"), lit("-"))
    when(value === 0, when(isNegative, lit(-1.0)).otherwise(lit(1.0)))
  }

  /** A zero with a sign. It is computed, as Spark takes the literals of the two zeros for one. */
  private def zeroOf(sign: Column): Column = sign * lit(0.0)
}
