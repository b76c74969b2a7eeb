package beam2spark.runtime

import java.io.ByteArrayOutputStream

/** Integers in coders of an SDK's own, with the length before each (`integer-encodings.ts`). */
private[runtime] object CodedInteger {

  /** The encoder of a `coded-integer` layout's encoding. */
  def encoder(encoding: String): ValueEncoder = encoding match {
    case "zigzag" =>
      (value, out, _) => {
        val number = ValueEncoder.longOf(value)
        write(number << 1 ^ number >> 63, out)
      }
    case "varint32" => (value, out, _) => write(ValueEncoder.longOf(value) & 0xffffffffL, out)
    case other => throw new IllegalArgumentException(s"there is no encoding $other of integers")
  }

  private def write(number: Long, out: ByteArrayOutputStream): Unit = {
    val bytes = new ByteArrayOutputStream
    Varint.write(number, bytes)
    ValueEncoder.writeBytes(bytes.toByteArray, out, isNested = true)
  }
}
