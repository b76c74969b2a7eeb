package beam2spark.runtime

import java.util

import org.apache.spark.sql.connector.catalog.{Column, SupportsRead, TableCapability}
import org.apache.spark.sql.connector.read.{Batch, Scan, ScanBuilder}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** A table that this runtime makes, read once from its beginning to its end.
  *
  * @param rowSchema
  *   its columns
  */
private[runtime] abstract class RuntimeTable(val rowSchema: StructType) extends SupportsRead {

  /** How all of it is read. */
  protected def batch: Batch

  override def columns(): Array[Column] =
    rowSchema.fields.map(field => Column.create(field.name, field.dataType, field.nullable))

  override def capabilities(): util.Set[TableCapability] =
    util.EnumSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => scan

  private object scan extends Scan {
    override def readSchema(): StructType = rowSchema
    override def description(): String = name()
    override def toBatch: Batch = batch
  }
}
