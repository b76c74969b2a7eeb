package beam2spark.runtime

import java.nio.{ByteBuffer, ByteOrder}
import java.nio.charset.StandardCharsets.UTF_8

/** Reads a message in protobuf's wire format, field after field: `next` goes to a field, and one of
  * the others takes its value, or `next` passes over it.
  *
  * Errors: an `IllegalArgumentException` for what is no message.
  */
private[runtime] final class ProtoReader(content: ByteBuffer) {
  private val rest = content.slice().order(ByteOrder.LITTLE_ENDIAN)
  private var wire = ProtoReader.Nothing

  def this(content: Array[Byte]) = this(ByteBuffer.wrap(content))

  /** Goes to the next field; gives its number, or 0 at the message's end. */
  def next(): Int = {
    skip()
    if (!rest.hasRemaining) 0
    else {
      val tag = varint()
      wire = (tag & 7).toInt
      (tag >>> 3).toInt
    }
  }

  /** The field as a number. */
  def number(): Long = {
    expect(ProtoReader.Varint)
    varint()
  }

  /** The field as a number of 64 bits, such as a double's. */
  def fixed64(): Long = {
    expect(ProtoReader.Fixed64)
    take(8).getLong()
  }

  /** The field as bytes, or as a message of its own. */
  def bytes(): Array[Byte] = {
    val part = delimited()
    val copy = new Array[Byte](part.remaining)
    part.get(copy)
    copy
  }

  /** The field as text. */
  def string(): String = UTF_8.decode(delimited()).toString

  /** The field as a message, to be read in place. */
  def message(): ProtoReader = new ProtoReader(delimited())

  private def delimited(): ByteBuffer = {
    expect(ProtoReader.Delimited)
    take(varint())
  }

  private def skip(): Unit = {
    wire match {
      case ProtoReader.Nothing   =>
      case ProtoReader.Varint    => varint()
      case ProtoReader.Fixed64   => take(8)
      case ProtoReader.Delimited => take(varint())
      case ProtoReader.Fixed32   => take(4)
      case other => throw new IllegalArgumentException(s"a field of wire type $other")
    }
    wire = ProtoReader.Nothing
  }

  private def expect(wanted: Int): Unit = {
    if (wire != wanted) throw new IllegalArgumentException(s"a field of wire type $wire")
    wire = ProtoReader.Nothing
  }

  private def take(size: Long): ByteBuffer = {
    if (size < 0 || size > rest.remaining)
      throw new IllegalArgumentException("a message that ends in the middle of a field")
    val part = rest.slice().order(ByteOrder.LITTLE_ENDIAN)
    part.limit(size.toInt)
    rest.position(rest.position() + size.toInt)
    part
  }

  private def varint(): Long = {
    var value = 0L
    var shift = 0
    var byte = 0x80
    while ((byte & 0x80) != 0) {
      if (!rest.hasRemaining || shift > 63)
        throw new IllegalArgumentException("a message that ends in the middle of a number")
      byte = rest.get().toInt
      value |= (byte & 0x7fL) << shift
      shift += 7
    }
    value
  }
}

private[runtime] object ProtoReader {
  val Varint: Int = 0
  val Fixed64: Int = 1
  val Delimited: Int = 2
  val Fixed32: Int = 5
  private val Nothing = -1
}
