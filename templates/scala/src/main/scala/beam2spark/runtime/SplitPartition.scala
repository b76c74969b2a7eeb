package beam2spark.runtime

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeRow
import org.apache.spark.sql.connector.read.InputPartition

/** Splits that one task reads. It travels to the task.
  *
  * @param number
  *   tells it from others of its read
  * @param rows
  *   the splits as Spark has rows in memory
  * @param columns
  *   how many columns they have
  */
private[runtime] final class SplitPartition(
    val number: Int,
    rows: Array[Array[Byte]],
    columns: Int
) extends InputPartition {

  /** The splits, one after the other. A row's memory is not used again. */
  def splits: Iterator[InternalRow] = rows.iterator.map(SplitPartition.rowOf(_, columns))
}

private[runtime] object SplitPartition {

  /** A row of its bytes. */
  def rowOf(bytes: Array[Byte], columns: Int): UnsafeRow = {
    val row = new UnsafeRow(columns)
    row.pointTo(bytes, bytes.length)
    row
  }
}
