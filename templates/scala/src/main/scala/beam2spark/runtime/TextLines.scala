package beam2spark.runtime

import java.io.{ByteArrayOutputStream, InputStream, IOException}
import java.nio.ByteBuffer
import java.nio.charset.{CharacterCodingException, CodingErrorAction}
import java.nio.charset.StandardCharsets.UTF_8

import scala.util.control.NonFatal

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.Path
import org.apache.spark.TaskContext

/** The lines of a range of a text, as Beam's reader has them: what is in front of `\n` or `\r\n`,
  * and at the file's end what is behind the last one, if anything is.
  *
  * Throws [[RuntimeFailure]] (`runtime/file-unreadable`) where the file can't be read, or a line is
  * no UTF-8.
  */
private[runtime] final class TextLines(range: TextRange, hadoop: Configuration)
    extends Iterator[String] {

  private val buffer = new Array[Byte](TextLines.BufferBytes)
  private var position = 0
  private var limit = 0
  // Where the next line begins in the file, or in what it holds.
  private var place = range.start
  private val line = new ByteArrayOutputStream
  private val decoder = UTF_8
    .newDecoder()
    .onMalformedInput(CodingErrorAction.REPORT)
    .onUnmappableCharacter(CodingErrorAction.REPORT)

  private val in: InputStream = named(open())
  Option(TaskContext.get()).foreach(_.addTaskCompletionListener[Unit](_ => in.close()))
  private var following: Option[String] = named(start())

  override def hasNext: Boolean = following.isDefined

  override def next(): String = {
    val text = following.getOrElse(throw new NoSuchElementException("no more lines"))
    following = named(readLine())
    text
  }

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

  /** The first line: a line belongs to the range that it begins in. */
  private def start(): Option[String] =
    if (range.start == 0) readLine()
    else {
      place = range.start - 1
      if (takeLine()) readLine() else None
    }

  private def readLine(): Option[String] =
    if (place >= range.stop) end()
    else {
      val isEnded = takeLine()
      if (isEnded || line.size > 0) Some(decode(isEnded)) else end()
    }

  private def end(): Option[String] = {
    in.close()
    None
  }

  /** Takes the bytes of a line; tells whether it has an end. */
  private def takeLine(): Boolean = {
    line.reset()
    var isEnded = false
    while (!isEnded && fill()) {
      var stop = position
      while (stop < limit && buffer(stop) != '\n') stop += 1
      isEnded = stop < limit
      line.write(buffer, position, stop - position)
      position = if (isEnded) stop + 1 else stop
    }
    place += line.size + (if (isEnded) 1 else 0)
    isEnded
  }

  private def decode(isEnded: Boolean): String = {
    val bytes = line.toByteArray
    val isWindows = isEnded && bytes.lastOption.contains('\r'.toByte)
    val length = if (isWindows) bytes.length - 1 else bytes.length
    try decoder.decode(ByteBuffer.wrap(bytes, 0, length)).toString
    catch {
      case _: CharacterCodingException => throw new IOException("a line of a text is not UTF-8")
    }
  }

  private def fill(): Boolean = {
    if (position == limit) {
      position = 0
      limit = math.max(0, in.read(buffer))
    }
    position < limit
  }

  private def named[A](work: => A): A =
    try work
    catch {
      // Readers of compressed files throw more than those of files do.
      case NonFatal(error) => throw MatchedFiles.refuse(range.path, error)
    }
}

private object TextLines {
  private val BufferBytes = 1 << 16
}
