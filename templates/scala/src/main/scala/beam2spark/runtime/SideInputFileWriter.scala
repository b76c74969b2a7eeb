package beam2spark.runtime

import java.io.{ByteArrayOutputStream, OutputStream}
import java.nio.{ByteBuffer, ByteOrder}
import java.nio.channels.Channels
import java.nio.charset.StandardCharsets.US_ASCII
import java.util.{Arrays, Base64}

import scala.collection.mutable.ArrayBuffer
import scala.jdk.CollectionConverters._

import org.apache.arrow.memory.BufferAllocator
import org.apache.arrow.vector.{BigIntVector, VarBinaryVector, VectorSchemaRoot, VectorUnloader}
import org.apache.arrow.vector.ipc.{ArrowStreamWriter, WriteChannel}
import org.apache.arrow.vector.ipc.message.MessageSerializer
import org.apache.arrow.vector.types.pojo.{ArrowType, Field, FieldType, Schema}
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.execution.arrow.ArrowWriter
import org.apache.spark.sql.types.StructType

/** Writes a file of side input rows that is read a block at a time (`side_input_file.py` and
  * `side-input-file.ts` have the other end).
  *
  * Blocks are Arrow record batches, each of rows of one window. Behind them lies the footer, a
  * table of the blocks (where each lies, its window, the lowest and highest hash of its keys), and
  * then the footer's length and the magic bytes. Rows come sorted by window and hash, so that the
  * footer alone says which blocks can hold a key.
  *
  * @param out
  *   the file, which is the caller's to close
  * @param stored
  *   the columns that are kept, the first ones of the rows
  * @param memory
  *   where blocks are put together
  */
private[runtime] final class SideInputFileWriter(
    out: OutputStream,
    stored: StructType,
    memory: BufferAllocator
) extends AutoCloseable {

  private val schema = ArrowColumns.schemaOf(stored)
  private val root = VectorSchemaRoot.create(schema, memory)
  private val writer = ArrowWriter.create(root)
  private val blocks = ArrayBuffer.empty[SideInputFileWriter.Block]
  private var size = 0L
  private var rows = 0
  private var window = Array.emptyByteArray
  private var first = 0L
  private var last = 0L

  /** Writes a row of a window; `hash` is its key's, 0 without look-ups. */
  def write(row: InternalRow, rowWindow: Array[Byte], hash: Long): Unit = {
    if (rows > 0 && !Arrays.equals(window, rowWindow)) endBlock()
    if (rows == 0) {
      window = rowWindow
      first = hash
    }
    writer.write(row)
    rows += 1
    last = hash
    if (writer.sizeInBytes() >= SideInputFileWriter.BlockBytes) endBlock()
  }

  /** Writes what is left, and the footer. */
  def finish(): Unit = {
    endBlock()
    val footer = writeFooter()
    out.write(footer)
    val tail = ByteBuffer.allocate(java.lang.Long.BYTES).order(ByteOrder.LITTLE_ENDIAN)
    out.write(tail.putLong(footer.length.toLong).array)
    out.write(SideInputFileWriter.Magic)
  }

  override def close(): Unit = root.close()

  private def endBlock(): Unit = if (rows > 0) {
    writer.finish()
    val block = new ByteArrayOutputStream
    val batch = new VectorUnloader(root).getRecordBatch
    try MessageSerializer.serialize(new WriteChannel(Channels.newChannel(block)), batch)
    finally batch.close()
    out.write(block.toByteArray)
    blocks += SideInputFileWriter.Block(size, block.size.toLong, window, first, last)
    size += block.size
    rows = 0
    writer.reset()
  }

  private def writeFooter(): Array[Byte] = {
    val described = new ByteArrayOutputStream
    MessageSerializer.serialize(new WriteChannel(Channels.newChannel(described)), schema)
    val metadata = Map(
      SideInputFileWriter.SchemaKey -> Base64.getEncoder.encodeToString(described.toByteArray)
    )
    val table =
      VectorSchemaRoot.create(new Schema(SideInputFileWriter.footer, metadata.asJava), memory)
    val footer = new ByteArrayOutputStream
    try {
      fill(table)
      val stream = new ArrowStreamWriter(table, null, Channels.newChannel(footer))
      stream.start()
      stream.writeBatch()
      stream.close()
    } finally table.close()
    footer.toByteArray
  }

  private def fill(table: VectorSchemaRoot): Unit = {
    val numbers = SideInputFileWriter.numbers.map { case (name, read) =>
      table.getVector(name).asInstanceOf[BigIntVector] -> read
    }
    val windows = table.getVector("window").asInstanceOf[VarBinaryVector]
    for ((block, index) <- blocks.zipWithIndex) {
      numbers.foreach { case (vector, read) => vector.setSafe(index, read(block)) }
      windows.setSafe(index, block.window)
    }
    table.setRowCount(blocks.length)
  }
}

private object SideInputFileWriter {

  private final case class Block(
      offset: Long,
      size: Long,
      window: Array[Byte],
      first: Long,
      last: Long
  )

  private val Magic = "b2sside2".getBytes(US_ASCII)
  private val BlockBytes = 32 << 10
  private val SchemaKey = "beam2spark:schema"

  private val numbers: Seq[(String, Block => Long)] =
    Seq("offset" -> (_.offset), "size" -> (_.size), "first" -> (_.first), "last" -> (_.last))

  private val footer: java.util.List[Field] = {
    val number = FieldType.nullable(new ArrowType.Int(64, true))
    val bytes = FieldType.nullable(ArrowType.Binary.INSTANCE)
    Seq(
      "offset" -> number,
      "size" -> number,
      "window" -> bytes,
      "first" -> number,
      "last" -> number
    ).map { case (name, kind) =>
      new Field(name, kind, java.util.Collections.emptyList[Field])
    }.asJava
  }
}
