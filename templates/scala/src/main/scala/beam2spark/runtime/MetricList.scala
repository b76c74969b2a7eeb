package beam2spark.runtime

import java.io.{ByteArrayOutputStream, DataOutputStream}
import java.nio.ByteBuffer
import java.nio.charset.StandardCharsets.UTF_8

/** Lists in metrics' payloads: Beam's iterables that know how many values they have. */
private[runtime] object MetricList {

  /** The values of a list. */
  def read[V](payload: Array[Byte], readValue: ByteBuffer => V): Seq[V] = {
    val source = ByteBuffer.wrap(payload)
    val count = source.getInt
    Vector.fill(count)(readValue(source))
  }

  /** A list of values. */
  def write[V](values: Seq[V], writeValue: (V, ByteArrayOutputStream) => Unit): Array[Byte] = {
    val out = new ByteArrayOutputStream
    new DataOutputStream(out).writeInt(values.length)
    values.foreach(writeValue(_, out))
    out.toByteArray
  }

  /** The texts of a list. */
  def readTexts(payload: Array[Byte]): Seq[String] = read(
    payload,
    source => {
      val bytes = new Array[Byte](Math.toIntExact(Varint.read(source)))
      source.get(bytes)
      new String(bytes, UTF_8)
    }
  )

  /** A list of texts. */
  def writeTexts(texts: Seq[String]): Array[Byte] = write[String](
    texts,
    (text, out) => {
      val bytes = text.getBytes(UTF_8)
      Varint.write(bytes.length.toLong, out)
      out.write(bytes, 0, bytes.length)
    }
  )
}
