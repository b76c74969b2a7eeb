package beam2spark.runtime

import org.apache.spark.sql.connector.read.{InputPartition, PartitionReaderFactory}
import org.apache.spark.sql.connector.read.streaming.{MicroBatchStream, Offset}

/** Splits as Structured Streaming reads them: each once, in the micro-batch that takes it.
  *
  * An offset is a place among them, so that a batch that is repeated has the splits that it had.
  * Their sequence may only grow: what reads on where a function has stopped adds what is left of
  * its restrictions at the end, and keeps all of them beside the query's checkpoint.
  */
private[runtime] final class SplitStream(read: SplitRead) extends MicroBatchStream {

  override def initialOffset(): Offset = SplitOffset(0)

  override def latestOffset(): Offset = SplitOffset(read.splits.rows.length)

  override def deserializeOffset(json: String): Offset = SplitOffset(json.toInt)

  override def planInputPartitions(start: Offset, end: Offset): Array[InputPartition] = {
    val (from, until) = (positionOf(start), positionOf(end))
    // What tasks report is kept by the number of their partition, and no batch takes another's.
    read.splits.slice(from, until).pack(read.partitions, from).toArray
  }

  override def createReaderFactory(): PartitionReaderFactory = SplitReaderFactory.of(read)

  override def commit(end: Offset): Unit = ()

  override def stop(): Unit = ()

  private def positionOf(offset: Offset): Int = offset match {
    case SplitOffset(position) => position
    case other => throw new IllegalArgumentException(s"$other is no place among splits")
  }
}
