package beam2spark.runtime.aggregators

import org.apache.spark.sql.Column

/** Beam's `Top` of the greatest values: so many of a column's, from the greatest down. */
object Largest {

  /** The greatest values of a `bigint` column. */
  def longs(column: String, limit: Int): Column =
    TopColumns.longs(column, limit, Ordering.Long.reverse)

  /** The greatest values of a `binary` column. */
  def bytes(column: String, limit: Int): Column =
    TopColumns.bytes(column, limit, TopColumns.bytesOrder.reverse)

  /** The greatest values of a `string` column, by their code points. */
  def texts(column: String, limit: Int): Column =
    TopColumns.texts(column, limit, TopColumns.bytesOrder.reverse)
}
