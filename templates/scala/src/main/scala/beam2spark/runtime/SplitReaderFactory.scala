package beam2spark.runtime

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.connector.read.{InputPartition, PartitionReader, PartitionReaderFactory}
import org.apache.spark.sql.internal.SQLConf

/** Reads splits in their tasks, over the link. It travels to the tasks. */
private[runtime] final class SplitReaderFactory(task: StageTask) extends PartitionReaderFactory {

  override def createReader(partition: InputPartition): PartitionReader[InternalRow] =
    partition match {
      case splits: SplitPartition => new SplitReader(task.process(splits.splits, splits.number))
      case other => throw new IllegalArgumentException(s"$other is no partition of splits")
    }
}

private[runtime] object SplitReaderFactory {

  /** What reads the splits of a read, with Spark's settings of now. */
  def of(read: SplitRead): SplitReaderFactory =
    new SplitReaderFactory(
      read.reading.task(read.splits.schema, SQLConf.get.arrowMaxRecordsPerBatch)
    )
}
