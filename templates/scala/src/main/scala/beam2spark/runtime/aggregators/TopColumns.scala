package beam2spark.runtime.aggregators

import java.util.Arrays

import org.apache.spark.sql.{Column, Encoder, Encoders}
import org.apache.spark.sql.expressions.Aggregator
import org.apache.spark.sql.functions.{col, udaf}

/** The first values of columns by an order, as lists. Values that are equal are the same, so that
  * it does not matter which of them are kept.
  */
private[aggregators] object TopColumns {

  /** The order of bytes, which are taken for unsigned. */
  val bytesOrder: Ordering[Array[Byte]] = (one, other) => Arrays.compareUnsigned(one, other)

  /** Of a `bigint` column. */
  def longs(column: String, limit: Int, order: Ordering[Long]): Column =
    aggregate(new TopAggregator(limit, order), Encoders.scalaLong)(col(column))

  /** Of a `binary` column. */
  def bytes(column: String, limit: Int, order: Ordering[Array[Byte]]): Column =
    ofBytes(col(column), limit, order)

  /** Of a `string` column, by the order of its bytes: it is that of code points, as Python has it,
    * where Java's is another one.
    */
  def texts(column: String, limit: Int, order: Ordering[Array[Byte]]): Column =
    ofBytes(col(column).cast("binary"), limit, order).cast("array<string>")

  private def ofBytes(column: Column, limit: Int, order: Ordering[Array[Byte]]): Column =
    aggregate(new TopAggregator(limit, order), Encoders.BINARY)(column)

  private def aggregate[V](
      aggregator: Aggregator[V, _, Seq[V]],
      values: Encoder[V]
  )(column: Column): Column = udaf(aggregator, values)(column)
}
