package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.math.BigInteger
import java.nio.{ByteBuffer, ByteOrder}

import com.fasterxml.jackson.databind.JsonNode

/** Writes values of a typed column with the Python SDK's coder for any value, a length before each:
  * what Spark's own operators make is typed although the SDK's coder does not say what it is.
  */
private[runtime] object AnyValueEncoder {

  // The tags of the coder (`apache_beam/coders/coder_impl.py`, FastPrimitivesCoderImpl).
  private val Nothing = 0
  private val Integer = 1
  private val Real = 2
  private val Bytes = 3
  private val Text = 4
  private val Sequence = 5
  private val Tuple = 6
  private val Bool = 9
  private val Pickled = 0xff

  private val LongestInt = 64
  private val FrameStart = 11

  /** The encoder of a value layout of a stage's JSON. */
  def create(layout: JsonNode): ValueEncoder = {
    val tagged = createTagged(layout)
    (value, out, _) => {
      val bytes = new ByteArrayOutputStream
      tagged.write(value, bytes, isNested = false)
      ValueEncoder.writeBytes(bytes.toByteArray, out, isNested = true)
    }
  }

  private def createTagged(layout: JsonNode): ValueEncoder = layout.path("kind").asText match {
    case "bytes" => writeBytes(Bytes)
    case "utf8"  => writeBytes(Text)
    case "bool" =>
      (value, out, _) => {
        out.write(Bool)
        out.write(if (value == true) 1 else 0)
      }
    case "varint" =>
      (value, out, _) => {
        out.write(Integer)
        Varint.write(ValueEncoder.longOf(value), out)
      }
    case "double" => (value, out, _) => writeDouble(ValueEncoder.doubleOf(value), out)
    case "integer" =>
      (value, out, isNested) => writeInteger(ValueEncoder.integerOf(value), out, isNested)
    case "quotient" => (value, out, _) => writeDouble(ValueEncoder.quotientOf(value), out)
    case "nullable" =>
      val inner = createTagged(layout.path("value"))
      (value, out, isNested) =>
        Option(value).fold(out.write(Nothing))(present => inner.write(present, out, isNested))
    case "iterable" =>
      val element = createTagged(layout.path("element"))
      (value, out, _) => writeAll(Sequence, ValueEncoder.elementsOf(value).map(_ -> element), out)
    case "kv" =>
      val parts = Seq("key", "value").map(name => createTagged(layout.path(name)))
      (value, out, _) => writeAll(Tuple, ValueEncoder.rowOf(value).toSeq.zip(parts), out)
    case other =>
      throw new IllegalArgumentException(s"values of layout $other are none of Python's")
  }

  private def writeBytes(tag: Int): ValueEncoder = (value, out, isNested) => {
    out.write(tag)
    ValueEncoder.writeBytes(ValueEncoder.bytesOf(value), out, isNested)
  }

  private def writeDouble(value: Double, out: ByteArrayOutputStream): Unit = {
    out.write(Real)
    ValueEncoder.writeDouble(value, out)
  }

  private def writeAll(
      tag: Int,
      parts: collection.Seq[(Any, ValueEncoder)],
      out: ByteArrayOutputStream
  ): Unit = {
    out.write(tag)
    Varint.write(parts.length.toLong, out)
    parts.foreach { case (value, encoder) => encoder.write(value, out, isNested = true) }
  }

  /** An int of any size: one of more than 64 bits is a pickle. */
  private def writeInteger(value: BigInteger, out: ByteArrayOutputStream, isNested: Boolean): Unit =
    if (value.bitLength < LongestInt) {
      out.write(Integer)
      Varint.write(value.longValue, out)
    } else {
      out.write(Pickled)
      ValueEncoder.writeBytes(pickle(value), out, isNested)
    }

  /** A pickle of one int as Python makes it: protocol 5, a frame with its length, LONG1 with the
    * bytes, the lowest first, and STOP.
    */
  private def pickle(value: BigInteger): Array[Byte] = {
    val digits = value.toByteArray.reverse
    val frame = Array(0x8a, digits.length).map(_.toByte) ++ digits :+ '.'.toByte
    ByteBuffer
      .allocate(FrameStart + frame.length)
      .order(ByteOrder.LITTLE_ENDIAN)
      .put(Array(0x80, 5, 0x95).map(_.toByte))
      .putLong(frame.length.toLong)
      .put(frame)
      .array
  }
}
