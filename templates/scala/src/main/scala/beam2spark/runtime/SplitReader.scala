package beam2spark.runtime

import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.connector.read.PartitionReader

/** Hands out the rows of a stage one by one. The stage lets go of what it holds at the task's end.
  */
private[runtime] final class SplitReader(rows: Iterator[InternalRow])
    extends PartitionReader[InternalRow] {

  private var current: Option[InternalRow] = None

  override def next(): Boolean = {
    current = rows.nextOption()
    current.isDefined
  }

  override def get(): InternalRow =
    current.getOrElse(throw new NoSuchElementException("there is no row before next, or after"))

  override def close(): Unit = ()
}
