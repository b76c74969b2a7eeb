package beam2spark.runtime

import java.io.{InputStream, IOException}
import java.util.zip.{CRC32, DataFormatException, Inflater}

/** What gzip or zlib streams hold that lie one after the other. One that ends too early gives what
  * it has. Java's own reader of gzip asks how much is `available` for whether there is another
  * stream, which not all file systems know, and passes over what is none.
  *
  * Throws `IOException` for bytes that are no such stream.
  */
private[runtime] final class InflatedStream(in: InputStream, isGzip: Boolean) extends InputStream {

  private val buffer = new Array[Byte](InflatedStream.BufferBytes)
  private var position = 0
  private var limit = 0
  private var isOpen = false
  private var isCut = false
  private val inflater = new Inflater(isGzip)
  private val checksum = new CRC32
  private var size = 0L

  override def read(): Int = {
    val one = new Array[Byte](1)
    if (read(one, 0, 1) < 0) -1 else one(0) & 0xff
  }

  override def read(target: Array[Byte], offset: Int, length: Int): Int =
    if (length == 0) 0
    else {
      var count = 0
      while (count == 0 && advance()) count = inflate(target, offset, length)
      if (count == 0) -1 else count
    }

  override def close(): Unit = {
    inflater.end()
    in.close()
  }

  /** Goes to where there is something to inflate, if there is. */
  private def advance(): Boolean = {
    if (isOpen && inflater.finished()) endStream()
    if (isOpen && inflater.needsInput() && fill()) {
      inflater.setInput(buffer, 0, limit)
      position = limit
    }
    if (!isOpen && !isCut && fill()) openStream()
    isOpen && !isCut
  }

  private def inflate(target: Array[Byte], offset: Int, length: Int): Int =
    try {
      val count = inflater.inflate(target, offset, length)
      if (count == 0 && inflater.needsDictionary()) throw new IOException("it needs a dictionary")
      if (isGzip) checksum.update(target, offset, count)
      size += count
      count
    } catch {
      case error: DataFormatException =>
        throw new IOException(Option(error.getMessage).getOrElse("it is no compressed data"))
    }

  private def openStream(): Unit = {
    if (isGzip) readHeader()
    if (!isCut) {
      inflater.reset()
      checksum.reset()
      size = 0
      inflater.setInput(buffer, position, limit - position)
      position = limit
      isOpen = true
    }
  }

  private def endStream(): Unit = {
    position = limit - inflater.getRemaining
    isOpen = false
    if (isGzip) {
      val (sum, count) = (number(4), number(4))
      val isRight = sum == checksum.getValue && count == (size & 0xffffffffL)
      if (!isCut && !isRight) throw new IOException("its checksum or length is another one")
    }
  }

  private def readHeader(): Unit = {
    if (number(2) != InflatedStream.Magic && !isCut) throw new IOException("it is no gzip data")
    if (number(1) != InflatedStream.Deflated && !isCut)
      throw new IOException("it is compressed in an unknown way")
    val flags = number(1)
    number(4)
    number(2)
    if ((flags & 4) != 0) (0L until number(2)).foreach(_ => number(1))
    if ((flags & 8) != 0) skipText()
    if ((flags & 16) != 0) skipText()
    if ((flags & 2) != 0) number(2)
  }

  private def skipText(): Unit = while (number(1) != 0) {}

  /** A number of some bytes, the lowest first; 0 where the file ends. */
  private def number(bytes: Int): Long =
    (0 until bytes).foldLeft(0L) { (sofar, index) =>
      if (fill()) {
        position += 1
        sofar | (buffer(position - 1) & 0xffL) << (8 * index)
      } else sofar
    }

  /** Whether there is a byte; where there is none, the file has ended. */
  private def fill(): Boolean = {
    if (position == limit && !isCut) {
      position = 0
      limit = math.max(0, in.read(buffer))
      isCut = limit == 0
    }
    position < limit
  }
}

private object InflatedStream {
  private val BufferBytes = 1 << 16
  private val Magic = 0x8b1f
  private val Deflated = 8
}
