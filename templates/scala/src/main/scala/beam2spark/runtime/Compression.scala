package beam2spark.runtime

import java.io.{InputStream, IOException, PushbackInputStream}

import com.github.luben.zstd.ZstdInputStreamNoFinalizer
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream
import org.tukaani.xz.{LZMAInputStream, XZInputStream}

/** How files are compressed, by Beam's names. */
private[runtime] object Compression {

  /** By the file's name. */
  val Auto = "auto"

  /** Not at all. */
  val None = "uncompressed"

  private val XzStart = 0xfd

  private val byExtension: Seq[(String, String)] = Seq(
    ".bz2" -> "bzip2",
    ".deflate" -> "deflate",
    ".gz" -> "gzip",
    ".zst" -> "zstd",
    ".zstd" -> "zstd",
    ".xz" -> "lzma",
    ".lzma" -> "lzma"
  )

  /** The compression of a file, where `auto` is given by its name. */
  def find(path: String, named: String): String =
    if (named != Auto) named
    else {
      val lower = path.toLowerCase
      byExtension.collectFirst { case (end, found) if lower.endsWith(end) => found }.getOrElse(None)
    }

  /** What a file of a compression holds. As Beam's reader does, it reads streams that lie one after
    * the other. Of a gzip or deflate file that ends too early Beam has all that is there, and so
    * has this; of the other formats their readers here can't say, and that is an error.
    *
    * Throws an exception for bytes that are no such stream.
    */
  def decompress(in: InputStream, compression: String): InputStream = compression match {
    case None      => in
    case "gzip"    => new InflatedStream(in, isGzip = true)
    case "deflate" => new InflatedStream(in, isGzip = false)
    case "bzip2"   => new BZip2CompressorInputStream(in, true)
    case "zstd"    => new ZstdInputStreamNoFinalizer(in)
    case "lzma"    => openLzma(in)
    case other     => throw new IOException(s"there is no compression $other")
  }

  /** There is an older format, without the first bytes of a newer one. */
  private def openLzma(in: InputStream): InputStream = {
    val source = new PushbackInputStream(in)
    val first = source.read()
    if (first >= 0) source.unread(first)
    if (first == XzStart) new XZInputStream(source) else new LZMAInputStream(source)
  }
}
