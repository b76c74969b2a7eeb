package beam2spark.runtime

import java.net.UnixDomainSocketAddress
import java.nio.ByteBuffer
import java.nio.channels.{SelectionKey, Selector, SocketChannel}
import java.nio.charset.StandardCharsets.UTF_8

import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection
import org.apache.spark.sql.functions.lit
import org.apache.spark.sql.types.StructType

/** Sends rows to a host that sends them back, in three ways: their bytes over the bare socket, as
  * rows over the link, and through a stage in Spark. Prints a line of JSON for each run, with the
  * bytes of the rows' values that went there and back in a second.
  *
  * {{{
  * FeedLink RAW-SOCKET LINK-SOCKET ROUNDS MEGABYTES BYTES…
  * }}}
  */
object FeedLink {
  private val Schema = StructType.fromDDL("value binary")
  private val BatchRows = 10000
  private val Chunk = 512 << 10

  private object Nobody extends TaskReporter {
    override def report(
        stage: String,
        partition: Int,
        infos: Seq[Array[Byte]],
        messages: Seq[LogEntry]
    ): Unit = ()
  }

  def main(arguments: Array[String]): Unit = {
    val (raw, link) = (s"unix:${arguments(0)}", s"unix:${arguments(1)}")
    val (rounds, megabytes) = (arguments(2).toInt, arguments(3).toInt)
    val spark = SparkSession
      .builder()
      .master("local[1]")
      .config("spark.ui.enabled", "false")
      .getOrCreate()
    try
      for (size <- arguments.drop(4).map(_.toInt); round <- 0 to rounds) {
        val rows = megabytes * 1000000L / size
        val seconds = Seq(
          "raw" -> time(sendRaw(raw, rows * size)),
          "link" -> time(sendRows(link, rows, size)),
          "spark" -> time(runStage(spark, link, rows, size))
        )
        val rates = seconds.map { case (place, took) => s""""$place": ${rows * size / took}""" }
        // The first round compiles the loops.
        if (round > 0) println(rates.mkString(s"""{"bytes": $size, """, ", ", "}"))
      }
    finally spark.stop()
  }

  private def time(run: => Unit): Double = {
    val started = System.nanoTime
    run
    (System.nanoTime - started) / 1e9
  }

  private def sendRaw(address: String, bytes: Long): Unit = {
    val channel = SocketChannel.open(UnixDomainSocketAddress.of(address.stripPrefix("unix:")))
    channel.configureBlocking(false)
    val selector = Selector.open()
    val key = channel.register(selector, SelectionKey.OP_READ)
    val (out, in) = (ByteBuffer.allocateDirect(Chunk), ByteBuffer.allocateDirect(Chunk))
    var (toSend, toTake) = (bytes, bytes)
    while (toTake > 0) {
      out.clear().limit(math.min(toSend, Chunk.toLong).toInt)
      val sent = if (toSend > 0) channel.write(out) else 0
      val taken = channel.read(in.clear())
      toSend -= sent
      toTake -= taken
      if (sent == 0 && taken == 0) {
        key.interestOps(SelectionKey.OP_READ | (if (toSend > 0) SelectionKey.OP_WRITE else 0))
        selector.select()
        selector.selectedKeys.clear()
      }
    }
    selector.close()
    channel.close()
  }

  private def sendRows(address: String, rows: Long, size: Int): Unit = {
    val row = UnsafeProjection.create(Schema)(InternalRow(value(size)))
    val memory = ArrowMemory.open("bench")
    val batches =
      new RowBatches(Iterator.range(0, rows.toInt).map(_ => row), Schema, memory, BatchRows, Chunk)
    val link = new HostLink(address)
    val run = link.run(new Feeding(batches), memory)
    val outputs = new OutputBatches(run, ArrowColumns.withTexts(Schema), 1, memory)
    val count = outputs.map(_.numRows.toLong).sum
    Seq(outputs, run, link, batches, memory).foreach(_.close())
    if (count != rows) throw new IllegalStateException(s"$count of $rows rows came back")
  }

  private def runStage(spark: SparkSession, address: String, rows: Long, size: Int): Unit = {
    val host = HostSettings(
      job = "bench",
      application = "bench",
      addresses = Seq(address),
      hosts = 1,
      files = "/",
      isShipped = false,
      node = None,
      words = Nil
    )
    val settings = StageSettings(host, "{}", 1 << 28, "auto", 0, 0, 0, 0, "", Nil)
    val json = """{"name": "identity", "transforms": [], "outputs": [{}]}"""
    val description = new StageDescription("d".getBytes(UTF_8), json)
    val stage = new Stage(description, Schema, Nil, settings, Nobody)
    val frame = spark.range(0, rows, 1, 1).select(lit(value(size)).as("value"))
    frame.transform(stage).write.format("noop").mode("overwrite").save()
  }

  private def value(size: Int): Array[Byte] = Array.fill(size)('x'.toByte)

  private final class Feeding(override val rows: Iterator[Seq[ByteBuffer]]) extends LinkTask {
    override def open: OpenStage = OpenStage()
    override def readSideInput(index: Int): SideInputContent = SideInputFiles(Nil, Nil, 0)
    override def takeLog(message: LogMessage): Unit = ()
    override def check(): Unit = ()
  }
}
