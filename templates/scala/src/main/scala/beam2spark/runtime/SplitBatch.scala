package beam2spark.runtime

import org.apache.spark.sql.connector.read.{Batch, InputPartition, PartitionReaderFactory}

/** A read of all splits: as many partitions as tasks run side by side, about equally large. */
private[runtime] final class SplitBatch(read: SplitRead) extends Batch {

  override def planInputPartitions(): Array[InputPartition] =
    read.splits.pack(read.partitions).toArray

  override def createReaderFactory(): PartitionReaderFactory = SplitReaderFactory.of(read)
}
