package beam2spark.runtime

import java.io.{ByteArrayOutputStream, OutputStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.util.zip.{DeflaterOutputStream, GZIPOutputStream}

import scala.concurrent.duration.Duration

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream
import org.apache.commons.io.FileUtils
import org.apache.hadoop.conf.Configuration
import org.tukaani.xz.{LZMA2Options, XZOutputStream}

/** Reading text: the lines that Beam's own runner reads, also of files that Spark reads otherwise.
  * What is expected is what `apache_beam`'s reader gives for the same files.
  */
final class TextSourceSuite extends munit.FunSuite {

  // Spark may have to start first, on a machine that is busy.
  override val munitTimeout: Duration = Duration(5, "min")

  private val folder = FunFixture[Path](
    _ => Files.createTempDirectory("beam2spark-texts-"),
    path => FileUtils.deleteDirectory(path.toFile)
  )

  private def read(pattern: String, rangeBytes: Long = 64L << 20): Seq[String] =
    TextSource
      .read(LocalSpark.session, pattern, "auto", slots = 2, rangeBytes)
      .collect()
      .map(_.getString(0))
      .toSeq

  private def compress(content: String)(open: OutputStream => OutputStream): Array[Byte] = {
    val bytes = new ByteArrayOutputStream
    val out = open(bytes)
    out.write(content.getBytes(UTF_8))
    out.close()
    bytes.toByteArray
  }

  private def gzip(content: String): Array[Byte] = compress(content)(new GZIPOutputStream(_))

  // Each file's content and the lines that Beam has of it.
  private val files: Seq[(String, Array[Byte], Seq[String])] = Seq(
    ("plain.txt", "one\ntwo\n\nthree\n".getBytes, Seq("one", "two", "", "three")),
    ("no-end.txt", "alpha\nbeta".getBytes, Seq("alpha", "beta")),
    ("windows.txt", "w1\r\nw2\r\n\r\nw4\r\n".getBytes, Seq("w1", "w2", "", "w4")),
    ("lone-cr.txt", "a\rb\r\nc\r\r\nd\n".getBytes, Seq("a\rb", "c\r", "d")),
    ("cr-at-end.txt", "first\nlast\r".getBytes, Seq("first", "last\r")),
    ("only-cr.txt", "\r".getBytes, Seq("\r")),
    ("_hidden.txt", "hidden\n".getBytes, Seq("hidden")),
    (".dot.txt", "dot\n".getBytes, Seq("dot")),
    ("bom.txt", "\ufeffmark\nnext\n".getBytes(UTF_8), Seq("\ufeffmark", "next")),
    ("zipped.txt.gz", gzip("gz1\r\ngz2\n") ++ gzip("gz3"), Seq("gz1", "gz2", "gz3")),
    (
      "zipped.txt.bz2",
      compress("bz1\nbz2")(new BZip2CompressorOutputStream(_)),
      Seq("bz1", "bz2")
    ),
    ("zipped.deflate", compress("df1\n")(new DeflaterOutputStream(_)), Seq("df1")),
    ("zipped.xz", compress("xz1\n")(new XZOutputStream(_, new LZMA2Options)), Seq("xz1")),
    ("cut.gz", gzip("a\nb\n").dropRight(3), Seq("a", "b")),
    ("header.gz", gzip("a\nb\n").take(6), Nil),
    ("snappy.txt.snappy", "not really snappy\n".getBytes, Seq("not really snappy")),
    ("od d{1}[x],%20.txt", "odd name\n".getBytes, Seq("odd name")),
    ("empty.txt", Array.emptyByteArray, Nil),
    ("newline.txt", "\n".getBytes, Seq("")),
    (
      "separators.txt",
      "a\u2028b\u000bc\u000cd\u0085e\n".getBytes(UTF_8),
      Seq("a\u2028b\u000bc\u000cd\u0085e")
    ),
    ("k=v/part.txt", "folder\n".getBytes, Seq("folder"))
  )

  private def write(root: Path): Unit = for ((name, content, _) <- files) {
    Files.createDirectories(root.resolve(name).getParent)
    Files.write(root.resolve(name), content)
  }

  folder.test("files are found as Beam finds them") { root =>
    write(root)
    val patterns = Seq[(String, String => Boolean)](
      "*" -> (!_.contains("/")),
      "**" -> (_ => true),
      "k=v/" -> (_.contains("/")),
      "[a-n]*.txt" -> (_.matches("[a-n][^/]*\\.txt")),
      "w?ndows.txt" -> (_ == "windows.txt"),
      "[!a-z]*" -> (_.matches("[_.][^/]*")),
      "[]z]ipped*" -> (_.startsWith("zipped")),
      "od d{1}[[]x],%20.txt" -> (_.startsWith("od d")),
      "plain.txt" -> (_ == "plain.txt"),
      "/*" -> (_ => false),
      "none*" -> (_ => false)
    )
    for ((pattern, isMeant) <- patterns) {
      val found = MatchedFiles.find(s"$root/$pattern", new Configuration).map(_.path)
      val expected = files.map(_._1).filter(isMeant).map(name => s"$root/$name")
      assertEquals(found.sorted, expected.sorted, pattern)
    }
  }

  folder.test("files have the lines that Beam reads of them") { root =>
    write(root)
    assertEquals(read(s"$root/**").sorted, files.flatMap(_._3).sorted)
    assertEquals(read(s"$root/none*"), Nil)
  }

  folder.test("lines across the ends of ranges are read once") { root =>
    val lines = (0 until 500).map(number => s"line $number " + "x" * (number % 37))
    Files.write(root.resolve("_long.txt"), lines.mkString("\r\n").getBytes)
    for (size <- Seq(1000L, 97L)) assertEquals(read(s"$root/_long.txt", size), lines)
  }

  folder.test("plain files are read by Spark's own source") { root =>
    write(root)
    val frame = TextSource.read(LocalSpark.session, s"$root/plain.txt", "auto", slots = 2)
    val plan = Materialisation.classicOf(frame).queryExecution.toString
    assert(plan.contains("FileScan text") && !plan.contains("ExternalRDD"), plan)
  }

  folder.test("what is no text is an error as it is for Beam") { root =>
    val broken = Seq(
      "bad.txt" -> Array[Byte]('o', '\n', -1, -2, '\n'),
      "_bad.txt" -> Array[Byte]('o', '\n', -1, -2, '\n'),
      "cut-character.txt" -> Array[Byte](-61, '\r', '\n', 'o', '\n'),
      "damaged.gz" -> gzip("a\nb\n").updated(14, 7.toByte),
      "followed.gz" -> (gzip("a\n") ++ "more".getBytes),
      "cut.bz2" -> compress("a\n")(new BZip2CompressorOutputStream(_)).dropRight(5)
    )
    for ((name, content) <- broken) {
      Files.write(root.resolve(name), content)
      val error = intercept[Exception](read(s"$root/$name"))
      val described = ErrorDescription.of(error)
      assertEquals(described.code, "runtime/file-unreadable", name)
      assertEquals(described.traceback, None)
    }
  }
}
