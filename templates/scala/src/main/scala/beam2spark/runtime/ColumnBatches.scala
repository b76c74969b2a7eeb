package beam2spark.runtime

import java.io.IOException
import java.nio.ByteOrder

import org.apache.arrow.flatbuf.{Message, MessageHeader}
import org.apache.arrow.memory.{ArrowBuf, BufferAllocator}
import org.apache.arrow.vector.{VectorLoader, VectorSchemaRoot}
import org.apache.arrow.vector.ipc.message.MessageSerializer

/** The batches of an Arrow stream that lies in memory whole. Its columns are used where they are:
  * those of a batch are gone when the next is asked for. Those of bytes are taken for texts
  * (ArrowColumns.withTexts).
  *
  * Errors, when the next batch is asked for: an `IOException` for what is no such stream.
  *
  * @param content
  *   has the stream from `start` on; `close` closes it
  */
private[runtime] final class ColumnBatches(content: ArrowBuf, start: Long, memory: BufferAllocator)
    extends Iterator[VectorSchemaRoot]
    with AutoCloseable {
  private var at = start
  private var root = Option.empty[VectorSchemaRoot]
  private var isLoaded = false
  private var isOver = false

  override def hasNext: Boolean = {
    while (!isLoaded && !isOver) readMessage()
    isLoaded
  }

  override def next(): VectorSchemaRoot = {
    if (!hasNext) throw new NoSuchElementException("all batches have been taken")
    isLoaded = false
    root.get
  }

  override def close(): Unit = {
    isOver = true
    root.foreach(_.close())
    root = None
    content.close()
  }

  private def readMessage(): Unit = {
    val size = if (at + 8 <= content.capacity) content.getInt(at + 4) else 0
    if (size == 0) isOver = true
    else if (content.getInt(at) != MessageSerializer.IPC_CONTINUATION_TOKEN)
      throw new IOException("no message of an Arrow stream")
    else {
      val header = content.nioBuffer(at + 8, size).order(ByteOrder.LITTLE_ENDIAN)
      val message = Message.getRootAsMessage(header)
      val body = at + 8 + size
      at = body + message.bodyLength
      takeMessage(message, body)
    }
  }

  private def takeMessage(message: Message, body: Long): Unit = message.headerType match {
    case MessageHeader.Schema =>
      val schema = ArrowColumns.withTexts(MessageSerializer.deserializeSchema(message))
      root = Some(VectorSchemaRoot.create(schema, memory))
    case MessageHeader.RecordBatch if root.isDefined =>
      content.getReferenceManager.retain()
      val batch =
        MessageSerializer.deserializeRecordBatch(message, content.slice(body, message.bodyLength))
      try new VectorLoader(root.get).load(batch)
      finally batch.close()
      isLoaded = batch.getLength > 0
    case other => throw new IOException(s"a message of kind $other in a stream of rows")
  }
}
