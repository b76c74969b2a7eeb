package beam2spark.runtime.aggregators

import java.nio.charset.StandardCharsets.UTF_8

import scala.concurrent.duration.{Duration, DurationInt}
import scala.util.Random

import beam2spark.runtime.LocalSpark
import org.apache.spark.sql.Column

/** Top values compared with those of a list that is sorted whole. */
final class TopSuite extends munit.FunSuite {

  // Spark takes its time where others use the machine.
  override val munitTimeout: Duration = 5.minutes

  private val spark = LocalSpark.session
  import spark.implicits._

  test("as many of the greatest and the least integers as asked for, in order, merged over tasks") {
    val random = new Random(7)
    // More keys than Spark keeps in memory before it sorts, each in every task.
    val values = Seq.fill(4000)((random.nextInt(200), random.nextInt(50).toLong - 25)) ++
      Seq((0, Long.MaxValue), (0, Long.MinValue), (300, 3L))
    val frame = values.toDF("key", "value").repartition(4)
    for (limit <- Seq(1, 3, 1000)) {
      val found = frame
        .groupBy("key")
        .agg(Largest.longs("value", limit), Smallest.longs("value", limit))
        .as[(Int, Seq[Long], Seq[Long])]
        .collect()
      assertEquals(found.length, values.map(_._1).distinct.length)
      for ((key, largest, smallest) <- found) {
        val sorted = values.collect { case (`key`, value) => value }.sorted
        assertEquals(largest, sorted.reverse.take(limit), clue(key))
        assertEquals(smallest, sorted.take(limit), clue(key))
      }
    }
  }

  test("texts are in the order of their code points, bytes in that of unsigned ones") {
    // By UTF-16 the second one would come after the third one.
    val texts = Seq("a", "\uffee", "\ud83d\ude00", "", "a", "ab")
    val sorted = Seq("", "a", "a", "ab", "\uffee", "\ud83d\ude00")
    assertEquals(aggregate(texts, Smallest.texts("value", 9)), sorted)
    assertEquals(aggregate(texts, Largest.texts("value", 2)), sorted.reverse.take(2))
    assertEquals(bytes(texts, Largest.bytes("value", 6)), sorted.reverse)
    assertEquals(bytes(texts, Smallest.bytes("value", 3)), sorted.take(3))
  }

  private def aggregate(texts: Seq[String], top: Column): Seq[String] =
    texts.toDF("value").repartition(2).agg(top).as[Seq[String]].head()

  private def bytes(texts: Seq[String], top: Column): Seq[String] = {
    val encoded = texts.map(_.getBytes(UTF_8)).toDF("value").repartition(2)
    encoded.agg(top).as[Seq[Array[Byte]]].head().map(new String(_, UTF_8))
  }
}
