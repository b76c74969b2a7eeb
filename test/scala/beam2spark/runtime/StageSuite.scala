package beam2spark.runtime

import java.io.IOException
import java.nio.charset.StandardCharsets.UTF_8
import java.util.concurrent.{ConcurrentLinkedQueue, CountDownLatch}
import java.util.concurrent.TimeUnit.SECONDS

import scala.concurrent.duration._

import org.apache.spark.SparkException
import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.functions.{col, lit}
import org.apache.spark.sql.types.StructType

/** Stages in Spark, over a link to a host that does as a test says. */
class StageSuite extends munit.FunSuite {
  private def spark: SparkSession = LocalSpark.session

  // A busy machine is slow to start Spark.
  override def munitTimeout: Duration = 3.minutes

  /** Sends all of a task's rows back. */
  private def echo(peer: LinkPeer): Unit =
    Iterator.continually(peer.receive()).takeWhile(_._1 != FrameKind.End).foreach {
      case (FrameKind.Rows, content) => peer.send(FrameKind.Rows, 0.toByte +: content)
      case _                         => ()
    }

  private def echoAll(peer: LinkPeer): Unit = {
    echo(peer)
    peer.send(FrameKind.Done)
  }

  private def stageOf(
      address: String,
      schema: String,
      reports: TaskReports = TaskReports.open(spark.sparkContext, _ => ())
  ): Stage = {
    val host = HostSettings("job", "suite", Seq(address), 1, "/", isShipped = false, None, Nil)
    val settings = StageSettings(host, "{}", 1 << 20, "auto", 0, 0, 0, 0, "", Nil)
    val json = """{"name": "s01_stage", "transforms": ["Do"], "outputs": [{}]}"""
    val description = new StageDescription("descriptor".getBytes(UTF_8), json)
    new Stage(description, StructType.fromDDL(schema), Nil, settings, reports)
  }

  private def numbers(count: Int, partitions: Int): DataFrame =
    spark.range(0, count.toLong, 1, partitions).select(col("id").as("value"))

  private def take(frame: DataFrame): Seq[Long] = frame.collect().map(_.getLong(0)).toSeq.sorted

  private def checkNothingLeft(): Unit = {
    val deadline = System.nanoTime + SECONDS.toNanos(10)
    while (ArrowMemory.allocatedBytes > 0 && System.nanoTime < deadline) Thread.sleep(20)
    assertEquals(ArrowMemory.allocatedBytes, 0L)
  }

  test("all rows go there and come back, in batches of so many") {
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "100")
    val rows = LinkPeer.serve(echoAll) { address =>
      take(numbers(1000, 3).transform(stageOf(address, "value bigint")))
    }
    spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assertEquals(rows, (0L until 1000L).toSeq)
    checkNothingLeft()
  }

  test("a partition without rows opens no link, and what the others report counts once") {
    val reports = TaskReports.open(spark.sparkContext, _ => ())
    val opened = new ConcurrentLinkedQueue[LinkPeer]
    LinkPeer.serve { peer =>
      opened.add(peer)
      echo(peer)
      peer.send(FrameKind.Log, new ProtoWriter().string(1, "basic").string(2, "heard").result())
      peer.send(FrameKind.Done, new ProtoWriter().element(1, "info".getBytes(UTF_8)).result())
    } { address =>
      val rows = numbers(3, 3).where("value = 1")
      assertEquals(take(rows.transform(stageOf(address, "value bigint", reports))), Seq(1L))
    }
    assertEquals(opened.size, 1)
    val (place, report) = reports.value.head
    assertEquals((reports.value.size, place), (1, ("s01_stage", 1)))
    assertEquals(report.infos.map(new String(_, UTF_8)), Seq("info"))
    assertEquals(report.messages, Seq(LogEntry("basic", "heard")))
  }

  test("each partition has a report of its own, also where a task has several") {
    val reports = TaskReports.open(spark.sparkContext, _ => ())
    LinkPeer.serve { peer =>
      echo(peer)
      peer.send(FrameKind.Done, new ProtoWriter().element(1, "info".getBytes(UTF_8)).result())
    } { address =>
      val rows = numbers(3, 3).transform(stageOf(address, "value bigint", reports))
      assertEquals(take(numbers(2, 2).union(rows.coalesce(1))), Seq(0L, 0L, 1L, 1L, 2L))
    }
    assertEquals(reports.value.keySet.toSeq, Seq(0, 1, 2).map("s01_stage" -> _))
  }

  test("a stage gets all columns, and gives those that are read") {
    LinkPeer.serve(echoAll) { address =>
      val stage = stageOf(address, "key string, value bigint")
      val pairs = numbers(4, 2).select(lit("k").as("key"), col("value")).transform(stage)
      assertEquals(take(pairs.select("value")), Seq(0L, 1L, 2L, 3L))
      assertEquals(take(pairs.union(pairs).groupBy("key").count().select("count")), Seq(8L))
      assertEquals(take(pairs.transform(stage).select("value")), Seq(0L, 1L, 2L, 3L))
    }
  }

  test("a failure comes to the driver with all of its parts, and the log of its task") {
    val error = intercept[SparkException] {
      LinkPeer.serve { peer =>
        peer.receiveAll()
        val message = new ProtoWriter().string(1, "basic").string(2, "heard").string(3, "Do")
        peer.send(FrameKind.Log, message.result())
        val failed = new ProtoWriter().string(2, "ValueError: no").string(3, "Do")
        peer.send(FrameKind.Failed, failed.string(5, "Traceback").result())
      }(address => take(numbers(1, 1).transform(stageOf(address, "value bigint"))))
    }
    val expected = ErrorDescription(
      "runtime/user-function-failed",
      "ValueError: no",
      transform = Some("Do"),
      traceback = Some("Traceback")
    )
    assertEquals(ErrorDescription.of(error), expected)
    assertEquals(ErrorDescription.findLog(error), Seq(LogEntry("basic", "Do: heard")))
    checkNothingLeft()
  }

  test("a reader that wants no more rows ends the task's link") {
    LinkPeer.serve { peer =>
      // More comes back than anybody reads.
      peer.receive()
      val (_, content) = peer.receive()
      try while (true) peer.send(FrameKind.Rows, 0.toByte +: content)
      catch { case _: IOException => () }
    } { address =>
      val rows = numbers(100, 1).transform(stageOf(address, "value bigint")).limit(10)
      assertEquals(rows.count(), 10L)
    }
    checkNothingLeft()
  }

  test("a job that is cancelled ends links that wait for their host") {
    val context = spark.sparkContext
    val waiting, gone = new CountDownLatch(1)
    LinkPeer.serve { peer =>
      peer.receiveAll()
      waiting.countDown()
      peer.drain()
      gone.countDown()
    } { address =>
      val rows = numbers(1, 1).transform(stageOf(address, "value bigint"))
      val cancelling = new Thread(() => {
        waiting.await()
        context.cancelJobGroup("suite")
      })
      cancelling.start()
      context.setJobGroup("suite", "is cancelled", interruptOnCancel = false)
      val error = intercept[SparkException](take(rows))
      context.clearJobGroup()
      assert(error.getMessage.contains("cancelled"), error.getMessage)
      assert(gone.await(10, SECONDS), "the link is still there")
    }
    checkNothingLeft()
  }
}
