package beam2spark.runtime.aggregators

import scala.collection.mutable.ArrayBuffer

/** The greatest values by an order, in a heap whose first value is the least of them.
  *
  * It is a list of plain values, so that Spark can send it between tasks.
  */
private[aggregators] object BoundedHeap {

  /** Takes a value in, and lets the least one go where there are more than `limit`. */
  def add[V](heap: ArrayBuffer[V], value: V, limit: Int)(implicit order: Ordering[V]): Unit =
    if (heap.length < limit) {
      heap += value
      rise(heap)
    } else if (order.gt(value, heap.head)) {
      heap(0) = value
      sink(heap)
    }

  /** Brings the last value up, until the one above it is not greater. */
  private def rise[V](heap: ArrayBuffer[V])(implicit order: Ordering[V]): Unit = {
    var at = heap.length - 1
    while (at > 0 && order.lt(heap(at), heap(above(at)))) {
      swap(heap, at, above(at))
      at = above(at)
    }
  }

  /** Brings the first value down, until those below it are not less. */
  private def sink[V](heap: ArrayBuffer[V])(implicit order: Ordering[V]): Unit = {
    var at = 0
    var least = leastBelow(heap, at)
    while (least < heap.length && order.lt(heap(least), heap(at))) {
      swap(heap, at, least)
      at = least
      least = leastBelow(heap, at)
    }
  }

  private def above(at: Int): Int = (at - 1) / 2

  /** Where the lesser of the two values below one is; past the end where there are none. */
  private def leastBelow[V](heap: ArrayBuffer[V], at: Int)(implicit order: Ordering[V]): Int = {
    val left = 2 * at + 1
    if (left + 1 < heap.length && order.lt(heap(left + 1), heap(left))) left + 1 else left
  }

  private def swap[V](heap: ArrayBuffer[V], one: Int, other: Int): Unit = {
    val kept = heap(one)
    heap(one) = heap(other)
    heap(other) = kept
  }
}
