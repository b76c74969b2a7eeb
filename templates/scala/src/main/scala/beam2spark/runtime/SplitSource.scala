package beam2spark.runtime

import java.util
import java.util.concurrent.atomic.AtomicLong

import scala.collection.concurrent.TrieMap

import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.connector.catalog.{Table, TableProvider}
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** The data source of Beam's splittable functions and bounded sources: its partitions are splits,
  * and a stage of functions reads them.
  *
  * Spark makes data sources by their class and some texts, so that a read is known here by a name,
  * from `open` to `close`.
  */
final class SplitSource extends TableProvider {

  override def inferSchema(options: CaseInsensitiveStringMap): StructType =
    SplitSource.find(options.get(SplitSource.ReadOption)).reading.schema

  override def getTable(
      schema: StructType,
      partitioning: Array[Transform],
      properties: util.Map[String, String]
  ): Table = new SplitTable(SplitSource.find(properties.get(SplitSource.ReadOption)))
}

private[runtime] object SplitSource {

  /** The option that names a read. */
  private val ReadOption = "read"

  private val reads = TrieMap.empty[String, SplitRead]
  private val number = new AtomicLong

  /** Gives a read its name. */
  def open(read: SplitRead): String = {
    val name = number.incrementAndGet().toString
    reads(name) = read
    name
  }

  /** The rows that a read of this name makes. */
  def load(spark: SparkSession, name: String): DataFrame =
    spark.read.format(classOf[SplitSource].getName).option(ReadOption, name).load()

  /** Forgets a read. What was planned of it still runs. */
  def close(name: String): Unit = reads -= name

  private def find(name: String): SplitRead = reads.getOrElse(
    name,
    throw new IllegalStateException("this read belongs to a job that is over")
  )
}
