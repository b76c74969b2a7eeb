package beam2spark.runtime

import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.util.concurrent.atomic.AtomicLong

import scala.concurrent.duration.Duration

import org.apache.commons.io.FileUtils
import org.apache.spark.sql.{Dataset, Row}
import org.apache.spark.sql.streaming.Trigger
import org.apache.spark.sql.types.StructType

/** Splits as a stream: what a query has read it does not read again. */
final class SplitStreamSuite extends munit.FunSuite {

  override val munitTimeout: Duration = Duration(5, "min")

  private val spark = LocalSpark.session

  private val folder = FunFixture[Path](
    _ => Files.createTempDirectory("beam2spark-stream-"),
    path => FileUtils.deleteDirectory(path.toFile)
  )

  /** A host whose stage gives the splits back. */
  private def echo(peer: LinkPeer): Unit = {
    Iterator.continually(peer.receive()).takeWhile(_._1 != FrameKind.End).foreach {
      case (FrameKind.Rows, content) => peer.send(FrameKind.Rows, 0.toByte +: content)
      case _                         => ()
    }
    peer.send(FrameKind.Done, new ProtoWriter().element(1, "info".getBytes(UTF_8)).result())
  }

  private def readOf(address: String, reports: TaskReports, count: Int): SplitRead = {
    val host = HostSettings("job", "suite", Seq(address), 1, "/", isShipped = false, None, Nil)
    val settings = StageSettings(host, "{}", 1 << 20, "auto", 0, 0, 0, 0, "", Nil)
    val json = """{"name": "s01_read", "transforms": ["Do"], "outputs": [{}]}"""
    val stage = new Stage(
      new StageDescription("descriptor".getBytes(UTF_8), json),
      StructType.fromDDL("key bigint, value double"),
      Nil,
      settings,
      reports
    )
    val splits = spark.range(0, count.toLong, 1, 1).selectExpr("id key", "double(id) value")
    SplitRead(Splits.collect(splits, 1L << 20).get, stage, partitions = 3)
  }

  /** How many rows a query reads until it has all there is. */
  private def run(read: SplitRead, checkpoint: Path): Long = {
    val name = TableSource.open(new SplitTable(read))
    val rows = new AtomicLong
    val query = spark.readStream
      .format(classOf[TableSource].getName)
      .option("table", name)
      .load()
      .writeStream
      .option("checkpointLocation", checkpoint.toString)
      .trigger(Trigger.AvailableNow())
      .foreachBatch { (batch: Dataset[Row], _: Long) =>
        rows.addAndGet(batch.count())
        ()
      }
      .start()
    try query.awaitTermination()
    finally TableSource.close(name)
    rows.get
  }

  folder.test("a query that goes on reads what is new, and its tasks report beside the others") {
    root =>
      val reports = TaskReports.open(spark.sparkContext, _ => ())
      LinkPeer.serve(echo) { address =>
        val counts = Seq(7, 7, 9).map(count => run(readOf(address, reports, count), root))
        assertEquals(counts, Seq(7L, 0L, 2L))
      }
      assertEquals(reports.value.keySet.map(_._2).toSeq.sorted, Seq(0, 1, 2, 7, 8))
  }
}
