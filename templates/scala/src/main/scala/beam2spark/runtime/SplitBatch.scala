package beam2spark.runtime

import org.apache.spark.sql.connector.read.{Batch, InputPartition, PartitionReaderFactory}
import org.apache.spark.sql.internal.SQLConf

/** A read of all splits: as many partitions as tasks run side by side, about equally large. */
private[runtime] final class SplitBatch(read: SplitRead) extends Batch {

  override def planInputPartitions(): Array[InputPartition] =
    read.splits.pack(read.partitions).toArray

  override def createReaderFactory(): PartitionReaderFactory =
    new SplitReaderFactory(read.reading.task(read.splits.schema, batchRows))

  private def batchRows: Int = SQLConf.get.arrowMaxRecordsPerBatch
}
