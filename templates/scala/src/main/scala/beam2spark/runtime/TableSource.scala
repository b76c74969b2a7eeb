package beam2spark.runtime

import java.util
import java.util.concurrent.atomic.AtomicLong

import scala.collection.concurrent.TrieMap

import org.apache.spark.sql.{DataFrame, SparkSession}
import org.apache.spark.sql.connector.catalog.{Table, TableProvider}
import org.apache.spark.sql.connector.expressions.Transform
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** The data source of the tables that this runtime makes: lines of texts, and what stages read of
  * splits.
  *
  * Spark makes data sources by their class and some texts, so that a table is known here by a name,
  * from `open` to `close`.
  */
final class TableSource extends TableProvider {

  override def inferSchema(options: CaseInsensitiveStringMap): StructType =
    TableSource.find(options.get(TableSource.TableOption)).rowSchema

  override def getTable(
      schema: StructType,
      partitioning: Array[Transform],
      properties: util.Map[String, String]
  ): Table = TableSource.find(properties.get(TableSource.TableOption))
}

private[runtime] object TableSource {

  /** The option that names a table. */
  private val TableOption = "table"

  private val tables = TrieMap.empty[String, RuntimeTable]
  private val number = new AtomicLong

  /** Gives a table its name. */
  def open(table: RuntimeTable): String = {
    val name = number.incrementAndGet().toString
    tables(name) = table
    name
  }

  /** The rows of the table of this name. */
  def load(spark: SparkSession, name: String): DataFrame =
    spark.read.format(classOf[TableSource].getName).option(TableOption, name).load()

  /** Forgets a table. What was planned of it still runs. */
  def close(name: String): Unit = tables -= name

  private def find(name: String): RuntimeTable = tables.getOrElse(
    name,
    throw new IllegalStateException("this table belongs to a job that is over")
  )
}
