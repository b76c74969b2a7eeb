package beam2spark.runtime

import org.apache.spark.broadcast.Broadcast
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.connector.read.{InputPartition, PartitionReader, PartitionReaderFactory}
import org.apache.spark.sql.vectorized.ColumnarBatch
import org.apache.spark.util.SerializableConfiguration

/** Reads texts in their tasks. It travels to the tasks.
  *
  * @param hadoop
  *   how file systems are reached
  */
private[runtime] final class TextReaderFactory(hadoop: Broadcast[SerializableConfiguration])
    extends PartitionReaderFactory {

  override def supportColumnarReads(partition: InputPartition): Boolean = true

  override def createColumnarReader(partition: InputPartition): PartitionReader[ColumnarBatch] =
    partition match {
      case texts: TextPartition => new TextReader(texts.ranges, hadoop.value.value)
      case other => throw new IllegalArgumentException(s"$other is no partition of texts")
    }

  override def createReader(partition: InputPartition): PartitionReader[InternalRow] =
    throw new UnsupportedOperationException("texts are read in columns")
}
