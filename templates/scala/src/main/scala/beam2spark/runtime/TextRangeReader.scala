package beam2spark.runtime

import java.io.{InputStream, IOException}
import java.util.Arrays

import scala.util.control.NonFatal

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path

/** Reads the lines of a range of a text, as Beam's reader has them: what is in front of `\n` or
  * `\r\n`, and at the file's end what is behind the last one, if anything is.
  *
  * Everything throws [[RuntimeFailure]] (`runtime/file-unreadable`) where the file can't be read,
  * or a line is no UTF-8.
  */
private[runtime] final class TextRangeReader(range: TextRange, hadoop: Configuration) {

  private var buffer = new Array[Byte](TextRangeReader.BufferBytes)
  // Where the next line begins here, and in the file or what that holds.
  private var position = 0
  private var place = range.start
  private var limit = 0
  // So many bytes of the next line were looked at: no end is among them.
  private var seen = 0
  private var isAscii = true
  private var isBegun = range.start == 0
  private var isOver = false
  private val in: InputStream = named(open())

  /** Takes the next lines into a column, which stays as it is until the next call; tells whether
    * there were any.
    */
  def read(column: TextColumn): Boolean = named {
    if (!isBegun) dropLine()
    column.clear(buffer)
    while (column.size == 0 && !isOver) {
      takeLines(column)
      if (column.size == 0) readOn(column)
    }
    if (!isAscii) check(column)
    if (seen == 0) isAscii = true
    column.size > 0
  }

  /** Lets go of the file. */
  def close(): Unit = in.close()

  private def open(): InputStream = {
    val path = new Path(range.path)
    val file = path.getFileSystem(hadoop).open(path)
    try {
      if (range.start > 0) file.seek(range.start - 1)
      Compression.decompress(file, range.compression)
    } catch {
      case NonFatal(error) =>
        file.close()
        throw error
    }
  }

  /** A line belongs to the range that it begins in, and the first one here began earlier, unless an
    * end of a line is the byte before.
    */
  private def dropLine(): Unit = {
    isBegun = true
    place = range.start - 1
    var isFound = false
    while (!isFound && (position < limit || fill())) {
      isFound = buffer(position) == '\n'
      position += 1
      place += 1
    }
  }

  /** This loop sees every byte: it works on what it has at hand alone. */
  private def takeLines(column: TextColumn): Unit = {
    val bytes = buffer
    val end = limit
    val last =
      if (range.stop - place < end - position) position + (range.stop - place).toInt else end
    var start = position
    var at = start + seen
    var signs = 0
    while (at < end && start < last && !column.isFull) {
      val byte = bytes(at)
      signs |= byte
      if (byte == '\n') {
        column.add(start, if (at > start && bytes(at - 1) == '\r') at - 1 else at)
        start = at + 1
      }
      at += 1
    }
    if (signs < 0) isAscii = false
    seen = at - start
    place += start - position
    position = start
  }

  /** More of the file's bytes; at its end what is left of them is a line. */
  private def readOn(column: TextColumn): Unit =
    if (place >= range.stop) isOver = true
    else if (!fill()) {
      column.clear(buffer)
      if (position < limit) column.add(position, limit)
      isOver = true
    } else column.clear(buffer)

  /** Reads on behind the bytes of the next line; tells whether there was anything. */
  private def fill(): Boolean = {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position)
      limit -= position
      position = 0
    }
    if (limit == buffer.length) buffer = Arrays.copyOf(buffer, longer(limit))
    val count = in.read(buffer, limit, buffer.length - limit)
    limit += math.max(0, count)
    count >= 0
  }

  private def longer(length: Int): Int = {
    if (length >= TextRangeReader.MostBytes) throw new IOException("a line takes two gibibytes")
    math.min(2L * length, TextRangeReader.MostBytes.toLong).toInt
  }

  private def check(column: TextColumn): Unit =
    for (row <- 0 until column.size)
      if (!column.getUTF8String(row).isValid)
        throw new IOException("a line of a text is not UTF-8")

  private def named[A](work: => A): A =
    try work
    catch {
      // Readers of compressed files throw more than those of files do.
      case NonFatal(error) => throw MatchedFiles.refuse(range.path, error)
    }
}

private object TextRangeReader {
  private val BufferBytes = 1 << 18
  // No array is longer, on every Java.
  private val MostBytes = Int.MaxValue - 8
}
