package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

/** Windows of rows as the encoded bytes that workers ask by. */
private[runtime] object WindowBytes {

  /** Of the values of a row's window columns: none, start and end in milliseconds, or bytes. */
  def encode(columns: Seq[Any]): Array[Byte] = columns match {
    case Seq(start: Long, end: Long) =>
      val out = new ByteArrayOutputStream
      // Shifted so that bytes are in the order of times.
      out.writeBytes(ByteBuffer.allocate(8).putLong(end ^ Long.MinValue).array)
      Varint.write(end - start, out)
      out.toByteArray
    case Seq(encoded: Array[Byte]) => encoded
    case _                         => Array.emptyByteArray
  }
}
