package beam2spark.runtime

import org.apache.spark.sql.connector.read.{Batch, InputPartition, PartitionReaderFactory}
import org.apache.spark.sql.types.{StringType, StructField, StructType}

/** Lines of texts, as Spark's catalog has them.
  *
  * @param pattern
  *   of the files
  * @param partitions
  *   what tasks read
  * @param factory
  *   makes their readers
  */
private[runtime] final class TextTable(
    pattern: String,
    partitions: Seq[TextPartition],
    factory: TextReaderFactory
) extends RuntimeTable(TextTable.Schema) {

  override def name(): String = s"lines of $pattern"

  override protected object batch extends Batch {
    override def planInputPartitions(): Array[InputPartition] = partitions.toArray
    override def createReaderFactory(): PartitionReaderFactory = factory
  }
}

private object TextTable {
  private val Schema = StructType(Seq(StructField("value", StringType, nullable = false)))
}
