package beam2spark.runtime.aggregators

import scala.collection.mutable.ArrayBuffer
import scala.reflect.runtime.universe.TypeTag

import org.apache.spark.sql.Encoder
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder
import org.apache.spark.sql.expressions.Aggregator

/** The first values of each group by an order, the very first one first.
  *
  * A group's buffer never holds more than `limit` values, which Spark's own aggregates before 4.2
  * can't promise: those that sort collect all of them.
  */
private[aggregators] final class TopAggregator[V](limit: Int, order: Ordering[V])(implicit
    buffers: TypeTag[ArrayBuffer[V]],
    results: TypeTag[Seq[V]]
) extends Aggregator[V, ArrayBuffer[V], Seq[V]] {

  // The first value to let go is the last one by the order.
  private implicit val reversed: Ordering[V] = order.reverse

  override def zero: ArrayBuffer[V] = ArrayBuffer.empty

  override def reduce(kept: ArrayBuffer[V], value: V): ArrayBuffer[V] = {
    BoundedHeap.add(kept, value, limit)
    kept
  }

  override def merge(kept: ArrayBuffer[V], others: ArrayBuffer[V]): ArrayBuffer[V] = {
    others.foreach(BoundedHeap.add(kept, _, limit))
    kept
  }

  override def finish(kept: ArrayBuffer[V]): Seq[V] = kept.sorted(order).toSeq

  override def bufferEncoder: Encoder[ArrayBuffer[V]] = ExpressionEncoder()

  override def outputEncoder: Encoder[Seq[V]] = ExpressionEncoder()
}
