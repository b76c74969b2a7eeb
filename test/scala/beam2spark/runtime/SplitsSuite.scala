package beam2spark.runtime

import scala.concurrent.duration.{Duration, DurationInt}

import org.apache.spark.sql.{DataFrame, SparkSession}

/** How a source's splits are brought to the driver, and packed for tasks. */
final class SplitsSuite extends munit.FunSuite {

  // Spark takes its time where others use the machine.
  override val munitTimeout: Duration = 5.minutes

  private def spark: SparkSession = LocalSpark.session

  test("groups have about the same sum, and all splits are in one") {
    val sizes = IndexedSeq(10.0, 1.0, 9.0, 2.0, 8.0, 3.0)
    val groups = Splits.balance(sizes, 3)
    assertEquals(groups.map(_.map(sizes).sum), Seq(11.0, 11.0, 11.0))
    assertEquals(groups.flatten.sorted, sizes.indices.toSeq)
    assertEquals(groups.head, IndexedSeq(0, 1))
  }

  test("there are no more groups than splits, and none of none") {
    assertEquals(Splits.balance(IndexedSeq(1.0, 1.0), 8).map(_.length), Seq(1, 1))
    assertEquals(Splits.balance(IndexedSeq.empty, 8), Seq.empty)
  }

  test("sizes that say nothing spread splits by their number") {
    for (size <- Seq(0.0, -1.0, Double.NaN)) {
      val groups = Splits.balance(IndexedSeq.fill(7)(size), 3)
      assertEquals(groups.map(_.length), Seq(3, 2, 2))
    }
    val withInfinite = Splits.balance(IndexedSeq(Double.PositiveInfinity, 5.0, Double.NaN), 2)
    assertEquals(withInfinite, Seq(IndexedSeq(0), IndexedSeq(1, 2)))
  }

  test("rows come to the driver as they are, and into partitions") {
    val splits = Splits.collect(frame(5), limit = 1L << 20).get
    val packed = splits.pack(2)
    assertEquals(
      packed.map(_.splits.map(_.getDouble(1)).toSeq),
      Seq(Seq(0.0, 1.0, 4.0), Seq(2.0, 3.0))
    )
    assertEquals(
      packed.flatMap(_.splits.map(_.getLong(0))).sorted,
      0L to 4L
    )
  }

  test("more than the limit stays where it is") {
    val bytes = Splits.collect(frame(5), limit = 1L << 20).get.rows.map(_.length.toLong).sum
    assert(Splits.collect(frame(5), limit = bytes).isDefined)
    assert(Splits.collect(frame(5), limit = bytes - 1).isEmpty)
    // Each partition is below the limit, all of them are not.
    assert(Splits.collect(frame(5).repartition(5), limit = bytes - 1).isEmpty)
  }

  private def frame(count: Long): DataFrame =
    spark.range(0, count, 1, 1).selectExpr("id key", "double(id) value")
}
