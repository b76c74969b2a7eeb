package beam2spark.runtime

import java.util

import org.apache.spark.sql.connector.catalog.TableCapability
import org.apache.spark.sql.connector.read.{Batch, Scan}
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream

/** The rows of a read, as Spark's catalog has them: for a query with an end, or a stream. */
private[runtime] final class SplitTable(read: SplitRead) extends RuntimeTable(read.reading.schema) {

  override def name(): String = s"splits of ${read.reading.name}"

  override def capabilities(): util.Set[TableCapability] =
    util.EnumSet.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ)

  override protected def batch: Batch = new SplitBatch(read)

  override protected def scan: Scan = new TableScan {
    override def toMicroBatchStream(checkpointLocation: String): MicroBatchStream =
      new SplitStream(read)
  }
}
