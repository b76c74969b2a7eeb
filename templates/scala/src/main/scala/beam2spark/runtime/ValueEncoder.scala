package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.math.{BigDecimal, BigInteger}
import java.nio.ByteBuffer
import java.nio.charset.StandardCharsets.UTF_8

import com.fasterxml.jackson.databind.JsonNode
import org.apache.spark.sql.Row

/** Writes values of a column, as Spark's rows have them, in a worker's coder. Nested values say how
  * long they are where the coder needs it.
  */
private[runtime] trait ValueEncoder {

  /** Writes a value. */
  def write(value: Any, out: ByteArrayOutputStream, isNested: Boolean): Unit

  /** The bytes of a nested value. */
  final def encodeNested(value: Any): Array[Byte] = {
    val out = new ByteArrayOutputStream
    write(value, out, isNested = true)
    out.toByteArray
  }
}

private[runtime] object ValueEncoder {

  /** The encoder of a value layout of a stage's JSON. A typed column whose coder not all SDKs know
    * is one that Spark's own operators made: it is written as Python's coder for any value would.
    */
  def create(layout: JsonNode, coder: CoderTree): ValueEncoder = layout.path("kind").asText match {
    case "encoded" if coder.urn == CoderUrn.LengthPrefix =>
      (value, out, _) => writeBytes(bytesOf(value), out, isNested = true)
    case "encoded" =>
      (value, out, isNested) =>
        NestedBytes.copy(coder, ByteBuffer.wrap(bytesOf(value)), isNested = false, out, isNested)
    case "coded-integer" => CodedInteger.encoder(layout.path("encoding").asText)
    case _ if coder.urn == CoderUrn.LengthPrefix => AnyValueEncoder.create(layout)
    case "bytes" | "utf8" => (value, out, isNested) => writeBytes(bytesOf(value), out, isNested)
    case "bool"           => (value, out, _) => out.write(if (value == true) 1 else 0)
    case "varint"         => (value, out, _) => Varint.write(longOf(value), out)
    case "double"         => (value, out, _) => writeDouble(doubleOf(value), out)
    case "integer"        => (value, out, _) => Varint.write(integerOf(value).longValueExact, out)
    case "quotient"       => (value, out, _) => writeDouble(quotientOf(value), out)
    case "nullable" =>
      val inner = create(layout.path("value"), coder.parts.head)
      (value, out, isNested) =>
        Option(value) match {
          case None => out.write(0)
          case Some(present) =>
            out.write(1)
            inner.write(present, out, isNested)
        }
    case "iterable" =>
      val element = create(layout.path("element"), coder.parts.head)
      (value, out, _) => {
        val elements = elementsOf(value)
        out.writeBytes(ByteBuffer.allocate(4).putInt(elements.length).array)
        elements.foreach(element.write(_, out, isNested = true))
      }
    case "kv" =>
      val key = create(layout.path("key"), coder.parts.head)
      val paired = create(layout.path("value"), coder.parts(1))
      (value, out, isNested) => {
        val pair = rowOf(value)
        key.write(pair.get(0), out, isNested = true)
        paired.write(pair.get(1), out, isNested)
      }
    case other => throw new IllegalArgumentException(s"values of layout $other have no bytes")
  }

  /** The bytes of a text or of bytes. */
  private[runtime] def bytesOf(value: Any): Array[Byte] = value match {
    case bytes: Array[Byte] => bytes
    case text               => text.toString.getBytes(UTF_8)
  }

  private[runtime] def longOf(value: Any): Long = value.asInstanceOf[Long]

  private[runtime] def doubleOf(value: Any): Double = value.asInstanceOf[Double]

  private[runtime] def integerOf(value: Any): BigInteger =
    value.asInstanceOf[BigDecimal].toBigIntegerExact

  private[runtime] def elementsOf(value: Any): collection.Seq[Any] =
    value.asInstanceOf[collection.Seq[Any]]

  private[runtime] def rowOf(value: Any): Row = value.asInstanceOf[Row]

  /** The nearest double of a total and a count, as Python's division of ints gives it. */
  private[runtime] def quotientOf(value: Any): Double = {
    val total = integerOf(rowOf(value).get(0))
    val count = BigInteger.valueOf(rowOf(value).getLong(1))
    // 66 bits of the quotient or more, so that the last of them and the rest decide how it is rounded.
    val shift = 66 - (total.abs.bitLength - count.abs.bitLength)
    val dividend = total.abs.shiftLeft(math.max(shift, 0))
    val divisor = count.abs.shiftLeft(math.max(-shift, 0))
    val rest = dividend.mod(divisor)
    // A rest below all bits only breaks ties.
    val bits = dividend.divide(divisor).shiftLeft(1).or(BigInteger.valueOf(rest.signum.toLong))
    total.signum * count.signum * Math.scalb(bits.doubleValue, -(shift + 1))
  }

  private[runtime] def writeBytes(
      bytes: Array[Byte],
      out: ByteArrayOutputStream,
      isNested: Boolean
  ): Unit = {
    if (isNested) Varint.write(bytes.length.toLong, out)
    out.writeBytes(bytes)
  }

  /** A double as Beam's double coder has it: the highest byte first. */
  private[runtime] def writeDouble(value: Double, out: ByteArrayOutputStream): Unit =
    out.writeBytes(
      ByteBuffer.allocate(8).putLong(java.lang.Double.doubleToRawLongBits(value)).array
    )
}
