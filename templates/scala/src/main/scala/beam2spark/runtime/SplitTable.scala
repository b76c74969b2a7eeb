package beam2spark.runtime

import java.util

import org.apache.spark.sql.connector.catalog.{Column, SupportsRead, TableCapability}
import org.apache.spark.sql.connector.read.{Batch, Scan, ScanBuilder}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** The rows of a read, as Spark's catalog has them.
  *
  * A source without an end would be a second kind of scan here, with `MICRO_BATCH_READ` and
  * `toMicroBatchStream`: its offset would be the number of a set of restrictions kept in the
  * checkpoint, `planInputPartitions(start, end)` would pack those of `start` with [[Splits]], and
  * the reading stage, asked to checkpoint at the batch's end, would give what is left of them as
  * rows of another output, which `commit` makes the next set.
  */
private[runtime] final class SplitTable(read: SplitRead) extends SupportsRead {

  override def name(): String = s"splits of ${read.reading.name}"

  override def columns(): Array[Column] =
    read.reading.schema.fields.map(field =>
      Column.create(field.name, field.dataType, field.nullable)
    )

  override def capabilities(): util.Set[TableCapability] =
    util.EnumSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => scan

  private object scan extends Scan {
    override def readSchema(): StructType = read.reading.schema
    override def description(): String = name()
    override def toBatch: Batch = new SplitBatch(read)
  }
}
