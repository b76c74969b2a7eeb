package beam2spark.runtime

import scala.util.Using

import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.{DataFrame, Encoders, SparkSession}
import org.apache.spark.sql.functions.{col, length, lit, validate_utf8, when}
import org.apache.spark.util.SerializableConfiguration

/** Beam's ReadFromText of the Python SDK (default coder and delimiter, no header, newlines
  * stripped), exactly.
  *
  * Spark's text source reads the files for which its lines are Beam's; the others are read here,
  * split into ranges and spread over tasks. Where the two differ: Spark passes over names that
  * begin with `_` or `.`, takes `k=v` folders for columns, knows other compressed extensions, drops
  * a byte order mark, and strips a lone `\r` at the end of a file.
  */
private[runtime] object TextSource {

  private val RangeBytes = 64L << 20
  private val ByteOrderMark = Seq(0xef, 0xbb, 0xbf).map(_.toByte)
  private val TasksPerSlot = 4

  /** The lines of all files that match, as `value string`.
    *
    * @param compression
    *   Beam's name of one, or `auto`
    * @param slots
    *   how many tasks run at once
    * @param rangeBytes
    *   how large the parts are that are read here
    */
  def read(
      spark: SparkSession,
      pattern: String,
      compression: String,
      slots: Int,
      rangeBytes: Long = RangeBytes
  ): DataFrame = {
    val hadoop = spark.sparkContext.hadoopConfiguration
    val filled = MatchedFiles.find(pattern, hadoop).filter(_.size > 0)
    val (bySpark, byUs) = filled.partition(isReadAlike(_, compression, hadoop))
    val frames = Seq(
      Option.when(bySpark.nonEmpty)(readBySpark(spark, bySpark.map(_.path))),
      Option.when(byUs.nonEmpty) {
        readHere(spark, byUs.flatMap(splitFile(_, compression, rangeBytes)), slots)
      }
    ).flatten
    frames.reduceOption(_ union _).getOrElse(spark.emptyDataset(Encoders.STRING).toDF("value"))
  }

  /** Whether Spark's text source gives the very lines of a file that Beam gives. */
  private def isReadAlike(file: MatchedFile, compression: String, hadoop: Configuration): Boolean =
    MatchedFiles.isPlain(file.path) &&
      (compression == Compression.Auto || compression == Compression.None) &&
      hasPlainEnds(file, hadoop)

  private def hasPlainEnds(file: MatchedFile, hadoop: Configuration): Boolean = {
    val path = MatchedFiles.qualify(file.path)
    try
      Using.resource(path.getFileSystem(hadoop).open(path)) { in =>
        val head = in.readNBytes(ByteOrderMark.length).toSeq
        in.seek(file.size - 1)
        head != ByteOrderMark && in.read() != '\r'
      }
    catch { case error: java.io.IOException => throw MatchedFiles.refuse(file.path, error) }
  }

  private def splitFile(
      file: MatchedFile,
      compression: String,
      rangeBytes: Long
  ): Seq[TextRange] = {
    val found = Compression.find(file.path, compression)
    val path = MatchedFiles.qualify(file.path).toString
    if (found == Compression.None)
      (0L until file.size by rangeBytes).map { start =>
        TextRange(path, start, math.min(start + rangeBytes, file.size), found)
      }
    else Seq(TextRange(path, 0, Long.MaxValue, found))
  }

  private def readBySpark(spark: SparkSession, paths: Seq[String]): DataFrame = {
    val lines = spark.read
      .option("lineSep", "\n")
      .text(paths.map(MatchedFiles.qualify(_).toString): _*)
    // Of bytes that are no text nobody knows where the last character begins.
    val line = col("value")
    val stripped = line.substr(lit(1), length(line) - 1)
    lines
      .select(validate_utf8(line).as("value"))
      .select(when(line.endsWith("\r"), stripped).otherwise(line).as("value"))
  }

  private def readHere(spark: SparkSession, ranges: Seq[TextRange], slots: Int): DataFrame = {
    val context = spark.sparkContext
    val hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration))
    val tasks = math.min(ranges.length, TasksPerSlot * slots)
    val lines = context.parallelize(ranges, tasks).mapPartitions { ranges =>
      ranges.flatMap(new TextLines(_, hadoop.value.value))
    }
    spark.createDataset(lines)(Encoders.STRING).toDF("value")
  }
}
