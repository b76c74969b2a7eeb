package beam2spark.runtime

import org.apache.spark.sql.{classic, SparkSession}
import org.apache.spark.util.SerializableConfiguration

/** Beam's ReadFromText of the Python SDK (default coder and delimiter, no header, newlines
  * stripped), exactly.
  *
  * Spark's own text source has other lines: it passes over names that begin with `_` or `.`, takes
  * `k=v` folders for columns, knows other compressed extensions, drops a byte order mark, takes a
  * lone `\r` for a line's end and bytes that are no UTF-8 for text.
  */
private[runtime] object TextSource {

  /** The lines of all files that match, as `value string`.
    *
    * Tasks read as much as Spark's settings of files say: `spark.sql.files.maxPartitionBytes`,
    * `spark.sql.files.openCostInBytes`, `spark.sql.files.minPartitionNum`.
    *
    * @param compression
    *   Beam's name of one, or `auto`
    * @param least
    *   so many tasks there are unless Spark's settings say otherwise, if there are enough bytes
    */
  def find(
      spark: SparkSession,
      pattern: String,
      compression: String,
      least: Int
  ): TextTable = {
    val context = spark.sparkContext
    val filled = MatchedFiles.find(pattern, context.hadoopConfiguration).filter(_.size > 0)
    val settings = spark.asInstanceOf[classic.SparkSession].sessionState.conf
    val partitions = TextPartitions(
      settings.filesMaxPartitionBytes,
      settings.filesOpenCostInBytes,
      settings.filesMinPartitionNum.getOrElse(least)
    )
    val hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration))
    val factory = new TextReaderFactory(hadoop)
    new TextTable(pattern, partitions.plan(filled, compression), factory)
  }
}
