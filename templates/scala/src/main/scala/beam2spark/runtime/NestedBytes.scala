package beam2spark.runtime

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

/** Writes a coder's bytes for another place: an outermost value ends with its bytes, a nested one
  * says where it ends (`beam_runner_api.proto`, StandardCoders).
  */
private[runtime] object NestedBytes {

  /** Copies one value. Throws `BufferUnderflowException` where the bytes end before it does.
    *
    * @param isNested
    *   whether it is nested in the source
    * @param toBeNested
    *   whether it is to be nested in `out`
    */
  def copy(
      coder: CoderTree,
      source: ByteBuffer,
      isNested: Boolean,
      out: ByteArrayOutputStream,
      toBeNested: Boolean
  ): Unit = coder.urn match {
    case CoderUrn.Bytes | CoderUrn.StringUtf8 =>
      val count = if (isNested) readLength(source) else source.remaining
      if (toBeNested) Varint.write(count.toLong, out)
      copyBytes(source, count, out)
    case CoderUrn.LengthPrefix =>
      val count = readLength(source)
      Varint.write(count.toLong, out)
      copyBytes(source, count, out)
    case CoderUrn.Bool         => copyBytes(source, 1, out)
    case CoderUrn.Varint       => Varint.write(Varint.read(source), out)
    case CoderUrn.Double       => copyBytes(source, 8, out)
    case CoderUrn.GlobalWindow =>
    case CoderUrn.IntervalWindow =>
      copyBytes(source, 8, out)
      Varint.write(Varint.read(source), out)
    case CoderUrn.Nullable =>
      val isPresent = source.get()
      out.write(isPresent.toInt)
      if (isPresent != 0) copy(coder.parts.head, source, isNested, out, toBeNested)
    case CoderUrn.Kv =>
      copy(coder.parts.head, source, isNested = true, out, toBeNested = true)
      copy(coder.parts(1), source, isNested, out, toBeNested)
    case CoderUrn.Iterable => copyIterable(coder.parts.head, source, out)
    case other             => throw new IllegalArgumentException(s"bytes of $other can't be read")
  }

  /** An iterable whose length was not known comes in blocks, each after its count, and an empty one
    * at the end.
    */
  private def copyIterable(
      element: CoderTree,
      source: ByteBuffer,
      out: ByteArrayOutputStream
  ): Unit = {
    def copyAll(count: Long): Unit = {
      var left = count
      while (left > 0) {
        copy(element, source, isNested = true, out, toBeNested = true)
        left -= 1
      }
    }
    val count = source.getInt
    out.writeBytes(ByteBuffer.allocate(4).putInt(count).array)
    if (count >= 0) copyAll(count.toLong)
    else {
      var block = -1L
      while (block != 0) {
        block = Varint.read(source)
        Varint.write(block, out)
        copyAll(block)
      }
    }
  }

  private def readLength(source: ByteBuffer): Int = Math.toIntExact(Varint.read(source))

  private def copyBytes(source: ByteBuffer, count: Int, out: ByteArrayOutputStream): Unit = {
    val bytes = new Array[Byte](count)
    source.get(bytes)
    out.writeBytes(bytes)
  }
}
