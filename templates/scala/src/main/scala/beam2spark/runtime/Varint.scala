package beam2spark.runtime

import java.io.OutputStream
import java.nio.ByteBuffer

/** Integers of 64 bits as protobuf and Beam's varint coder write them: seven bits to a byte. */
private[runtime] object Varint {

  private val LongestBits = 70

  /** Reads one. Throws `IllegalArgumentException` where it has more than ten bytes, or no end. */
  def read(source: ByteBuffer): Long = {
    var value = 0L
    var bits = 0
    var next = 0x80
    while ((next & 0x80) != 0) {
      if (bits == LongestBits) throw new IllegalArgumentException("a varint of over ten bytes")
      if (!source.hasRemaining) throw new IllegalArgumentException("a varint without its end")
      next = source.get()
      value |= (next & 0x7fL) << bits
      bits += 7
    }
    value
  }

  /** Writes one; negative ones have ten bytes. */
  def write(value: Long, out: OutputStream): Unit = {
    var rest = value
    while ((rest & ~0x7fL) != 0) {
      out.write((rest & 0x7f | 0x80).toInt)
      rest >>>= 7
    }
    out.write(rest.toInt)
  }
}
