package beam2spark.runtime

import java.nio.ByteBuffer
import java.nio.channels.WritableByteChannel

/** Keeps what is written to it as it is, without a copy. */
private[runtime] final class ByteParts extends WritableByteChannel {
  private val parts = Vector.newBuilder[ByteBuffer]

  override def write(part: ByteBuffer): Int = {
    val size = part.remaining
    if (size > 0) parts += part.slice()
    part.position(part.limit())
    size
  }

  override def isOpen: Boolean = true

  override def close(): Unit = ()

  /** All parts so far. */
  def result(): Vector[ByteBuffer] = parts.result()
}
