package beam2spark.runtime

import org.apache.spark.sql.Column
import org.apache.spark.sql.functions.{col, lit, shiftleft, shiftright, sum}

/** Sums of integers as languages whose integers have a size add them. */
object WrappingSum {

  /** A 64-bit integer is split into three parts of so many bits, the last one signed. */
  private val Bits = 21
  private val Mask = lit((1L << Bits) - 1)

  /** The sum of a bigint column of integers of `bits` bits, as Go and Java add them: as `bigint`.
    *
    * What does not fit the bits is cut off, where Spark's own sum fails. Parts are added up as in
    * `exactSum`; only shifts carry over from one to the next, as they overflow without an error.
    */
  def wrappingSum(column: String, bits: Int): Column = {
    val value = col(column)
    val low = sum(value.bitwiseAND(Mask))
    val middle = sum(shiftright(value, Bits).bitwiseAND(Mask)) + shiftright(low, Bits)
    val high = sum(shiftright(value, 2 * Bits)) + shiftright(middle, Bits)
    val total = shiftleft(high, 2 * Bits)
      .bitwiseOR(shiftleft(middle.bitwiseAND(Mask), Bits))
      .bitwiseOR(low.bitwiseAND(Mask))
    val unused = java.lang.Long.SIZE - bits
    if (unused == 0) total else shiftright(shiftleft(total, unused), unused)
  }
}
