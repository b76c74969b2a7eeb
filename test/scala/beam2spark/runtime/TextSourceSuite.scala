package beam2spark.runtime

import java.io.{ByteArrayOutputStream, OutputStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import java.util.zip.{DeflaterOutputStream, GZIPOutputStream}

import scala.concurrent.duration.Duration
import scala.util.Using

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream
import org.apache.commons.io.FileUtils
import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.BlockLocation
import org.apache.spark.sql.{DataFrame, Row}
import org.tukaani.xz.{LZMA2Options, XZOutputStream}

/** Reading text: the lines that Beam's own runner reads, also of files that Spark reads otherwise.
  * What is expected is what `apache_beam`'s reader gives for the same files.
  */
final class TextSourceSuite extends munit.FunSuite {

  // Spark may have to start first, on a machine that is busy.
  override val munitTimeout: Duration = Duration(5, "min")

  private val hadoop = new Configuration

  private val folder = FunFixture[Path](
    _ => Files.createTempDirectory("beam2spark-texts-"),
    path => FileUtils.deleteDirectory(path.toFile)
  )

  private def load(pattern: String): DataFrame = {
    val spark = LocalSpark.session
    val name = TableSource.open(TextSource.find(spark, pattern, "auto", least = 2))
    try TableSource.load(spark, name)
    finally TableSource.close(name)
  }

  private def read(pattern: String): Seq[String] =
    load(pattern).collect().map(_.getString(0)).toSeq

  /** The lines of ranges of a text, each of so many bytes. */
  private def readRanges(path: Path, rangeBytes: Long): Seq[String] = {
    val file = MatchedFile(path.toString, Files.size(path))
    val planned = TextPartitions(rangeBytes, openBytes = 0, least = 1).plan(Seq(file), "auto")
    val lines = planned.sortBy(_.ranges.head.start).flatMap { partition =>
      Using.resource(new TextReader(partition.ranges, hadoop)) { reader =>
        val batches = Iterator.continually(reader).takeWhile(_.next()).map(_.get())
        batches.flatMap { batch =>
          (0 until batch.numRows()).map(batch.column(0).getUTF8String(_).toString)
        }.toVector
      }
    }
    assertEquals(planned.length.toLong, (file.size + rangeBytes - 1) / rangeBytes)
    lines
  }

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
      val found = MatchedFiles.find(s"$root/$pattern", hadoop).map(_.path)
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
    val lines = (0 until 500).map(number => s"line $number ä" + "x" * (number % 37))
    val path = Files.write(root.resolve("long.txt"), lines.mkString("\r\n").getBytes(UTF_8))
    for (size <- Seq(1L << 20, 1000L, 97L, 1L)) assertEquals(readRanges(path, size), lines)
  }

  folder.test("lines that are longer than what is read at once, and more than fit in a batch") {
    root =>
      val lines = Seq("ä" * 300_000, "", "y" * 1_000_000) ++ (0 until 30_000).map(_.toString)
      val path = Files.write(root.resolve("long.txt"), lines.mkString("\n").getBytes(UTF_8))
      for (size <- Seq(4L << 20, 250_000L)) assert(readRanges(path, size) == lines)
  }

  folder.test("lines go on to operators that keep them, and that don't run compiled") { root =>
    val lines = (0 until 20_000).map(number => s"line $number")
    Files.write(root.resolve("plain.txt"), lines.mkString("\n").getBytes)
    val frame = load(s"$root/plain.txt")
    val texts = frame.sort("value").collect().map(_.getString(0)).toSeq
    assertEquals(texts, lines.sorted)
    val bounds = frame.selectExpr("min(value)", "max(value)", "count(distinct value)").head()
    assertEquals(bounds, Row("line 0", "line 9999", 20_000L))
    val kept = frame.persist()
    try assertEquals(kept.collect().map(_.getString(0)).toSeq.sorted, lines.sorted)
    finally kept.unpersist()
    frame.sparkSession.conf.set("spark.sql.codegen.wholeStage", "false")
    try assertEquals(frame.collect().map(_.getString(0)).toSeq.sorted, lines.sorted)
    finally frame.sparkSession.conf.unset("spark.sql.codegen.wholeStage")
  }

  test("small files are put together, large ones are cut, each task knows where its bytes are") {
    def block(start: Long, bytes: Long, hosts: String*): BlockLocation =
      new BlockLocation(Array.empty[String], hosts.toArray, start, bytes)
    val blocks = Seq(block(0, 60, "a", "b"), block(60, 60, "b", "c"), block(120, 30, "localhost"))
    val files = Seq(
      MatchedFile("/large", 150, blocks),
      MatchedFile("/zipped.gz", 250),
      MatchedFile("/one", 10),
      MatchedFile("/two", 20)
    )
    val planned = TextPartitions(100, openBytes = 4, least = 1).plan(files, "auto")
    val described = planned.map { partition =>
      val parts = partition.ranges.map(range => (range.path.takeWhile(_ != '.'), range.start))
      (parts, partition.preferredLocations().toSeq)
    }
    val root = "file:"
    assertEquals(
      described,
      Seq(
        (Seq((s"$root/zipped", 0L)), Nil),
        (Seq((s"$root/large", 0L)), Seq("b", "a", "c")),
        (Seq((s"$root/large", 100L), (s"$root/two", 0L), (s"$root/one", 0L)), Seq("b", "c"))
      )
    )
    assertEquals(planned.head.ranges.head.stop, Long.MaxValue)
  }

  test("as many tasks as there should be, unless that cuts files small") {
    val files = Seq(MatchedFile("/file", 1000))
    def count(openBytes: Long) =
      TextPartitions(1 << 20, openBytes, least = 4).plan(files, "auto").length
    assertEquals((count(0), count(400)), (4, 3))
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
