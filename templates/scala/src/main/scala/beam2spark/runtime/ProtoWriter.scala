package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.nio.charset.StandardCharsets.UTF_8

/** Writes a message in protobuf's wire format. As in proto3, a field that stands alone is left out
  * where it has its type's default.
  */
private[runtime] final class ProtoWriter {
  private val bytes = new ByteArrayOutputStream

  /** A field of type bytes. */
  def bytes(field: Int, value: Array[Byte]): ProtoWriter =
    if (value.isEmpty) this else element(field, value)

  /** A field of type string. */
  def string(field: Int, value: String): ProtoWriter = bytes(field, value.getBytes(UTF_8))

  /** A field of type int32, int64 or bool. */
  def number(field: Int, value: Long): ProtoWriter = {
    if (value != 0) {
      varint(field.toLong << 3)
      varint(value)
    }
    this
  }

  /** A repeated field of type string. */
  def strings(field: Int, values: Seq[String]): ProtoWriter = {
    values.foreach(value => element(field, value.getBytes(UTF_8)))
    this
  }

  /** A repeated field of type int32. */
  def numbers(field: Int, values: Seq[Int]): ProtoWriter = {
    val packed = new ProtoWriter
    values.foreach(value => packed.varint(value.toLong))
    bytes(field, packed.result())
  }

  /** An element of a repeated field of type bytes or of a message. */
  def element(field: Int, value: Array[Byte]): ProtoWriter = {
    varint(field.toLong << 3 | ProtoWriter.Delimited)
    varint(value.length.toLong)
    bytes.write(value, 0, value.length)
    this
  }

  /** The message. */
  def result(): Array[Byte] = bytes.toByteArray

  private def varint(value: Long): Unit = Varint.write(value, bytes)
}

private object ProtoWriter {

  /** The wire type of what has its length before it. */
  val Delimited = 2
}
