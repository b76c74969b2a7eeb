package beam2spark.runtime

import java.io.{FilterInputStream, InputStream, IOException}

/** What a compressed file holds, where it ends too early as much as it has. `open` gives the reader
  * of its format; it is an error only of bytes that are there.
  */
private[runtime] final class CutStream(in: InputStream, open: InputStream => InputStream)
    extends InputStream {

  private var isAtEnd = false

  private val source = new FilterInputStream(in) {
    override def read(): Int = noted(super.read())
    override def read(target: Array[Byte], offset: Int, length: Int): Int =
      noted(super.read(target, offset, length))

    private def noted(result: Int): Int = {
      if (result < 0) isAtEnd = true
      result
    }
  }

  private lazy val opened = open(source)

  override def read(): Int = untilEnd(opened.read())

  override def read(target: Array[Byte], offset: Int, length: Int): Int =
    untilEnd(opened.read(target, offset, length))

  override def close(): Unit = source.close()

  private def untilEnd(result: => Int): Int =
    try result
    catch { case _: IOException if isAtEnd => -1 }
}
