package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.nio.channels.Channels

import scala.util.Using

import org.apache.arrow.vector.{VectorSchemaRoot, VectorUnloader}
import org.apache.arrow.vector.ipc.{ArrowStreamWriter, WriteChannel}
import org.apache.arrow.vector.ipc.message.{IpcOption, MessageSerializer}
import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.execution.arrow.ArrowWriter
import org.apache.spark.sql.types.StructType

/** Rows as an Arrow stream: tasks write the batches, the driver puts them together. */
private[runtime] object ArrowRows {

  private val BatchRows = 10000
  private val BatchBytes = 4L << 20

  /** All rows of a DataFrame. */
  def collect(frame: DataFrame): Array[Byte] = {
    val schema = frame.schema
    val rows = Materialisation.classicOf(frame).queryExecution.toRdd
    val batches = rows.mapPartitions(writeBatches(_, schema)).collect()
    val out = new ByteArrayOutputStream
    MessageSerializer.serialize(channelTo(out), ArrowColumns.schemaOf(schema))
    batches.foreach(out.writeBytes)
    ArrowStreamWriter.writeEndOfStream(channelTo(out), IpcOption.DEFAULT)
    out.toByteArray
  }

  /** The task's batches, all of them at once, as they are sent. */
  private def writeBatches(rows: Iterator[InternalRow], schema: StructType): Iterator[Array[Byte]] =
    if (!rows.hasNext) Iterator.empty
    else
      withWriter(schema) { writer =>
        Iterator.continually(writeBatch(rows, writer)).takeWhile(_.nonEmpty).toVector.iterator
      }

  /** The next batch; nothing where there are no more rows. */
  private def writeBatch(rows: Iterator[InternalRow], writer: ArrowWriter): Array[Byte] = {
    val out = new ByteArrayOutputStream
    var count = 0
    while (rows.hasNext && !isFull(writer, count)) {
      writer.write(rows.next())
      count += 1
    }
    if (count > 0) {
      writer.finish()
      val batch = new VectorUnloader(writer.root).getRecordBatch
      try MessageSerializer.serialize(channelTo(out), batch)
      finally batch.close()
      writer.reset()
    }
    out.toByteArray
  }

  private def isFull(writer: ArrowWriter, count: Int): Boolean =
    count == BatchRows || count > 0 && writer.sizeInBytes() >= BatchBytes

  private def withWriter[A](schema: StructType)(work: ArrowWriter => A): A =
    Using.resource(ArrowMemory.open("side input")) { memory =>
      val root = VectorSchemaRoot.create(ArrowColumns.schemaOf(schema), memory)
      Using.resource(root)(_ => work(ArrowWriter.create(root)))
    }

  private def channelTo(out: ByteArrayOutputStream): WriteChannel =
    new WriteChannel(Channels.newChannel(out))
}
