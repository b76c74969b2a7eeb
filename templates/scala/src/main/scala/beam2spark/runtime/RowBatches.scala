package beam2spark.runtime

import java.nio.ByteBuffer

import org.apache.arrow.memory.BufferAllocator
import org.apache.arrow.vector.{VectorSchemaRoot, VectorUnloader}
import org.apache.arrow.vector.ipc.WriteChannel
import org.apache.arrow.vector.ipc.message.{ArrowRecordBatch, MessageSerializer}
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{UnsafeProjection, UnsafeRow}
import org.apache.spark.sql.execution.arrow.ArrowWriter
import org.apache.spark.sql.types.StructType

/** Rows as Arrow streams of one batch each, none of which is empty. Each is given as the parts that
  * it consists of; the large ones are the columns' own memory, which the next batch is written to.
  *
  * @param mostRows
  *   of a batch; as many as fit where it isn't positive
  * @param mostBytes
  *   about so many bytes end a batch
  */
private[runtime] final class RowBatches(
    rows: Iterator[InternalRow],
    schema: StructType,
    memory: BufferAllocator,
    mostRows: Int,
    mostBytes: Long
) extends Iterator[Seq[ByteBuffer]]
    with AutoCloseable {
  private val arrow = ArrowColumns.schemaOf(schema)
  private val root = VectorSchemaRoot.create(ArrowColumns.withTexts(arrow), memory)
  private val writer = ArrowWriter.create(root)
  private val unloader = new VectorUnloader(root)
  private val toUnsafe = UnsafeProjection.create(schema)
  private val before = {
    val parts = new ByteParts
    MessageSerializer.serialize(new WriteChannel(parts), arrow)
    parts.result()
  }
  private var sent = Option.empty[ArrowRecordBatch]

  override def hasNext: Boolean = rows.hasNext

  override def next(): Seq[ByteBuffer] = {
    letGo()
    writer.reset()
    fill()
    writer.finish()
    val batch = unloader.getRecordBatch
    sent = Some(batch)
    val parts = new ByteParts
    MessageSerializer.serialize(new WriteChannel(parts), batch)
    before.map(_.duplicate()) ++ parts.result() :+ RowBatches.endOfStream
  }

  /** Lets go of the memory; nothing of what was given may be used any more. */
  override def close(): Unit = {
    letGo()
    root.close()
  }

  private def fill(): Unit = {
    val limit = if (mostRows > 0) mostRows else Int.MaxValue
    var count = 0
    var bytes = 0L
    while (count < limit && bytes < mostBytes && rows.hasNext) {
      val row = rows.next() match {
        case unsafe: UnsafeRow => unsafe
        case other             => toUnsafe(other)
      }
      writer.write(row)
      bytes += row.getSizeInBytes
      count += 1
    }
  }

  private def letGo(): Unit = {
    sent.foreach(_.close())
    sent = None
  }
}

private object RowBatches {

  /** What ends an Arrow stream: the mark of a message, of no length. */
  private def endOfStream: ByteBuffer =
    ByteBuffer.allocate(8).putInt(MessageSerializer.IPC_CONTINUATION_TOKEN).putInt(0).flip()
}
