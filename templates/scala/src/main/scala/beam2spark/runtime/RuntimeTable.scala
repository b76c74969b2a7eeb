package beam2spark.runtime

import java.util

import org.apache.spark.sql.connector.catalog.{Column, SupportsRead, TableCapability}
import org.apache.spark.sql.connector.read.{Batch, Scan, ScanBuilder}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** A table that this runtime makes.
  *
  * @param rowSchema
  *   its columns
  */
private[runtime] abstract class RuntimeTable(val rowSchema: StructType) extends SupportsRead {

  /** All of its rows. */
  protected def batch: Batch

  /** How it is read. */
  protected def scan: Scan = new TableScan

  // Spark 4.0 asks for it.
  override def schema(): StructType = rowSchema

  override def columns(): Array[Column] =
    rowSchema.fields.map(field => Column.create(field.name, field.dataType, field.nullable))

  override def capabilities(): util.Set[TableCapability] =
    util.EnumSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => scan

  /** A read of all of its rows. */
  protected class TableScan extends Scan {

    override def readSchema(): StructType = rowSchema

    override def description(): String = name()

    override def toBatch: Batch = batch
  }
}
