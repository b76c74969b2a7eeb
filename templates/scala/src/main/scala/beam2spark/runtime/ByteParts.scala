package beam2spark.runtime

import java.nio.ByteBuffer
import java.nio.channels.WritableByteChannel

/** Keeps what is written to it. What lies outside of Java's heap is kept as it is, without a copy;
  * of the rest, which is little, Arrow uses some memory again.
  */
private[runtime] final class ByteParts extends WritableByteChannel {
  private val parts = Vector.newBuilder[ByteBuffer]

  override def write(part: ByteBuffer): Int = {
    val size = part.remaining
    if (size > 0) parts += (if (part.isDirect) part.slice() else copy(part))
    part.position(part.limit())
    size
  }

  override def isOpen: Boolean = true

  override def close(): Unit = ()

  private def copy(part: ByteBuffer): ByteBuffer =
    ByteBuffer.allocate(part.remaining).put(part.duplicate()).flip()

  /** All parts so far. */
  def result(): Vector[ByteBuffer] = parts.result()
}
