package beam2spark.runtime

import scala.concurrent.duration.{Duration, DurationInt}

import beam2spark.runtime.ExactSum.exactSum
import beam2spark.runtime.IeeeBounds.{ieeeMax, ieeeMin}
import beam2spark.runtime.IeeeSum.ieeeSum
import beam2spark.runtime.WrappingSum.wrappingSum
import org.apache.spark.sql.functions.{avg, max, min}

/** Aggregates compared with what the languages themselves make of the values. */
final class AggregatesSuite extends munit.FunSuite {

  // Spark takes its time where others use the machine.
  override val munitTimeout: Duration = 5.minutes

  private val spark = LocalSpark.session

  test("sums keep as many bits as the language's integers have, or all") {
    val longs = Seq(
      Long.MaxValue,
      Long.MaxValue,
      Long.MinValue,
      -1L,
      5L,
      1L << 42,
      -(1L << 21) - 1,
      1L << 21
    )
    import spark.implicits._
    val row = longs
      .toDF("value")
      .agg(
        wrappingSum("value", bits = 64),
        wrappingSum("value", bits = 32),
        wrappingSum("value", bits = 16),
        wrappingSum("value", bits = 8),
        exactSum("value")
      )
      .head()
    val wrapped = longs.sum
    assertEquals(row.getLong(0), wrapped)
    assertEquals(row.getLong(1), wrapped.toInt.toLong)
    assertEquals(row.getLong(2), wrapped.toShort.toLong)
    assertEquals(row.getLong(3), wrapped.toByte.toLong)
    assertEquals(BigInt(row.getDecimal(4).toBigIntegerExact), longs.map(BigInt(_)).sum)
  }

  test("bounds and sums of doubles are those of Math.min, Math.max and plus, bit by bit") {
    val cases = Seq(
      Seq(0.0, -0.0),
      Seq(-0.0, -0.0),
      Seq(-0.0, -0.0, -1.0),
      Seq(0.0, 2.0),
      Seq(1.0, Double.NaN, Double.NegativeInfinity),
      Seq(Double.NaN),
      Seq(Double.PositiveInfinity, 3.0, Double.MinPositiveValue)
    )
    import spark.implicits._
    val rows = cases.zipWithIndex.flatMap { case (values, key) => values.map(key -> _) }
    val found = rows
      .toDF("key", "value")
      .groupBy("key")
      .agg(ieeeMin("value"), ieeeMax("value"), ieeeSum("value"))
      .as[(Int, Double, Double, Double)]
      .collect()
    assertEquals(found.length, cases.length)
    for ((key, least, greatest, sum) <- found) {
      assertEquals(bits(least), bits(cases(key).reduce((a, b) => Math.min(a, b))), clue(key))
      assertEquals(bits(greatest), bits(cases(key).reduce((a, b) => Math.max(a, b))), clue(key))
      assertEquals(bits(sum), bits(cases(key).reduce(_ + _)), clue(key))
    }
  }

  test("means of integers add doubles, so that none overflows") {
    import spark.implicits._
    val longs = Seq(Long.MaxValue, Long.MaxValue, 3L)
    val row = longs.toDF("value").agg(avg("value"), min("value"), max("value")).head()
    assertEquals(row.getDouble(0), longs.map(_.toDouble).sum / longs.length)
    assertEquals(row.getLong(1), 3L)
    assertEquals(row.getLong(2), Long.MaxValue)
  }

  private def bits(value: Double): Long = java.lang.Double.doubleToLongBits(value)
}
