package beam2spark.runtime

import scala.concurrent.duration.{Duration, DurationInt}

import org.apache.spark.storage.StorageLevel

/** Rows that are kept, by whoever keeps them. */
final class MaterialisationSuite extends munit.FunSuite {

  // Spark takes its time where others use the machine.
  override val munitTimeout: Duration = 5.minutes

  private val spark = LocalSpark.session

  test("who lets go of rows takes them from nobody else who keeps the same ones") {
    val (one, other) = (spark.newSession(), spark.newSession())
    val kept = Seq("one" -> one, "other" -> other).map { case (owner, session) =>
      Materialisation.persistNow(Materialisation.ownedBy(owner, session.range(9).toDF()))
    }
    kept.head.unpersist(blocking = true)
    assertEquals(kept.map(_.storageLevel), Seq(StorageLevel.NONE, StorageLevel.MEMORY_AND_DISK))
    val read = kept(1).queryExecution.executedPlan.toString
    assert(read.contains("InMemoryTableScan"), read)
    assertEquals(kept(1).count(), 9L)
    kept(1).unpersist()
  }
}
