package beam2spark.runtime

import java.util

import org.apache.spark.sql.connector.catalog.{Column, SupportsRead, TableCapability}
import org.apache.spark.sql.connector.read.{Scan, ScanBuilder}
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.util.CaseInsensitiveStringMap

/** A table that this runtime makes.
  *
  * @param rowSchema
  *   its columns
  */
private[runtime] abstract class RuntimeTable(val rowSchema: StructType) extends SupportsRead {

  /** How it is read. */
  protected def scan: Scan

  // Spark 4.0 asks for it.
  override def schema(): StructType = rowSchema

  override def columns(): Array[Column] =
    rowSchema.fields.map(field => Column.create(field.name, field.dataType, field.nullable))

  override def capabilities(): util.Set[TableCapability] =
    util.EnumSet.of(TableCapability.BATCH_READ)

  override def newScanBuilder(options: CaseInsensitiveStringMap): ScanBuilder = () => scan
}
