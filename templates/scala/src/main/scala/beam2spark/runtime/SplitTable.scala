package beam2spark.runtime

import org.apache.spark.sql.connector.read.Batch

/** The rows of a read, as Spark's catalog has them.
  *
  * A source without an end would be a second kind of scan here, with `MICRO_BATCH_READ` and
  * `toMicroBatchStream`: its offset would be the number of a set of restrictions kept in the
  * checkpoint, `planInputPartitions(start, end)` would pack those of `start` with [[Splits]], and
  * the reading stage, asked to checkpoint at the batch's end, would give what is left of them as
  * rows of another output, which `commit` makes the next set.
  */
private[runtime] final class SplitTable(read: SplitRead) extends RuntimeTable(read.reading.schema) {

  override def name(): String = s"splits of ${read.reading.name}"

  override protected def batch: Batch = new SplitBatch(read)
}
