package beam2spark.runtime

import org.apache.spark.sql.connector.read.{Batch, Scan}
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream
import org.apache.spark.sql.types.StructType

/** A read of splits: of all of them at once, or of those that a stream has not read yet. */
private[runtime] final class SplitScan(read: SplitRead) extends Scan {

  override def readSchema(): StructType = read.reading.schema

  override def description(): String = s"splits of ${read.reading.name}"

  override def toBatch: Batch = new SplitBatch(read)

  override def toMicroBatchStream(checkpointLocation: String): MicroBatchStream =
    new SplitStream(read)
}
