package beam2spark.runtime

import java.nio.{ByteBuffer, ByteOrder}
import java.nio.charset.StandardCharsets.UTF_8

import scala.collection.immutable.VectorMap

/** A message of protobuf's wire format, read without its schema: whoever asks for a field knows its
  * type. A field that is missing has its type's default.
  */
private[runtime] final class ProtoMessage private (fields: Map[Int, Vector[ProtoMessage.Value]]) {

  /** Whether a field is there. */
  def has(number: Int): Boolean = fields.contains(number)

  /** The last value of a field of bytes. */
  def bytes(number: Int): Array[Byte] = allBytes(number).lastOption.getOrElse(Array.emptyByteArray)

  /** The last value of a field of text. */
  def text(number: Int): String = new String(bytes(number), UTF_8)

  /** The last value of a field of integers. */
  def long(number: Int): Long = longs(number).lastOption.getOrElse(0L)

  /** The last value of a field of doubles. */
  def double(number: Int): Double = java.lang.Double.longBitsToDouble(long(number))

  /** The last value of a field of messages. */
  def message(number: Int): Option[ProtoMessage] =
    allBytes(number).lastOption.map(ProtoMessage.decode)

  /** All values of a field of bytes. */
  def allBytes(number: Int): Seq[Array[Byte]] =
    all(number).collect { case ProtoMessage.Bytes(bytes) => bytes }

  /** All values of a field of texts. */
  def texts(number: Int): Seq[String] = allBytes(number).map(new String(_, UTF_8))

  /** All values of a field of integers, packed or not. */
  def longs(number: Int): Seq[Long] = all(number).flatMap {
    case ProtoMessage.Number(value) => Seq(value)
    case ProtoMessage.Bytes(packed) => ProtoMessage.readPacked(packed)
  }

  /** The entries of a map whose keys are texts, in their order; of equal keys the last. */
  def entries(number: Int): Map[String, Array[Byte]] =
    allBytes(number).map(ProtoMessage.decode).map(e => e.text(1) -> e.bytes(2)).to(VectorMap)

  private def all(number: Int): Vector[ProtoMessage.Value] = fields.getOrElse(number, Vector.empty)
}

private[runtime] object ProtoMessage {

  sealed trait Value
  private final case class Number(value: Long) extends Value
  private final case class Bytes(value: Array[Byte]) extends Value

  /** Reads a message. Throws `IllegalArgumentException` where the bytes are none. */
  def decode(encoded: Array[Byte]): ProtoMessage = {
    val source = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN)
    var fields = Map.empty[Int, Vector[Value]]
    while (source.hasRemaining) {
      val tag = Varint.read(source)
      val number = (tag >>> 3).toInt
      val value = readValue(source, (tag & 7).toInt)
      fields += number -> (fields.getOrElse(number, Vector.empty) :+ value)
    }
    new ProtoMessage(fields)
  }

  private def readValue(source: ByteBuffer, wireType: Int): Value = wireType match {
    case 0 => Number(Varint.read(source))
    case 1 => Number(check(source, 8).getLong)
    case 2 =>
      val size = Varint.read(source)
      check(source, size)
      val bytes = new Array[Byte](size.toInt)
      source.get(bytes)
      Bytes(bytes)
    case 5     => Number(check(source, 4).getInt.toLong)
    case other => throw new IllegalArgumentException(s"no wire type of protobuf's: $other")
  }

  /** The source, which must have so many more bytes. */
  private def check(source: ByteBuffer, size: Long): ByteBuffer =
    if (size >= 0 && size <= source.remaining) source
    else throw new IllegalArgumentException("a message that ends in the middle of a field")

  private def readPacked(packed: Array[Byte]): Seq[Long] = {
    val source = ByteBuffer.wrap(packed)
    Iterator.continually(source).takeWhile(_.hasRemaining).map(Varint.read).toVector
  }
}
