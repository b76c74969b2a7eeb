package beam2spark.runtime

import scala.collection.mutable
import scala.collection.mutable.ArrayBuffer

import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeRow
import org.apache.spark.sql.types.StructType

/** Parts of a source, which the driver has.
  *
  * @param rows
  *   pairs of a part and its size, as Spark has rows in memory
  * @param schema
  *   their columns; `value` is the size
  */
private[runtime] final case class Splits(rows: IndexedSeq[Array[Byte]], schema: StructType) {

  /** Packs them into at most so many partitions, of about the same size. Nobody promises anything
    * of a size: one that is no positive number counts as nothing.
    *
    * @param first
    *   the number of the first partition
    */
  def pack(partitions: Int, first: Int = 0): Seq[SplitPartition] = {
    val packed = Splits.balance(rows.map(sizeOf), partitions)
    packed.zipWithIndex.map { case (indices, number) =>
      new SplitPartition(first + number, indices.map(rows).toArray, schema.length)
    }
  }

  /** Those from one place up to another. */
  def slice(from: Int, until: Int): Splits = copy(rows = rows.slice(from, until))

  private def sizeOf(row: Array[Byte]): Double =
    SplitPartition.rowOf(row, schema.length).getDouble(schema.fieldIndex("value"))
}

private[runtime] object Splits {

  /** Runs the stage that splits a source, and brings its rows here; None where they take more than
    * so many bytes.
    */
  def collect(frame: DataFrame, limit: Long): Option[Splits] = {
    val rows = Materialisation.classicOf(frame).queryExecution.toRdd
    val taken = rows.sparkContext.runJob(rows, new TakeRows(limit))
    val isAll = taken.forall(_.isDefined) && taken.flatten.flatten.map(_.length.toLong).sum <= limit
    Option.when(isAll)(Splits(taken.toIndexedSeq.flatten.flatten, frame.schema))
  }

  /** Numbers of sizes in groups of about the same sum: the largest first, each to the group that
    * has least so far, and of those to the one with the fewest. In a group they stay in their
    * order.
    */
  def balance(sizes: IndexedSeq[Double], groups: Int): Seq[IndexedSeq[Int]] = {
    val weights = sizes.map(size => if (size > 0) size else 0.0)
    val filled = IndexedSeq.fill(groups.min(sizes.length))(new Group)
    val emptiest = mutable.PriorityQueue.from(filled.zipWithIndex) {
      Ordering
        .by[(Group, Int), (Double, Int, Int)] { case (group, index) =>
          (group.weight, group.members.length, index)
        }
        .reverse
    }
    for (split <- weights.indices.sortBy(index => -weights(index))) {
      val (group, index) = emptiest.dequeue()
      group.members += split
      group.weight += weights(split)
      emptiest.enqueue((group, index))
    }
    filled.map(_.members.sorted.toIndexedSeq)
  }

  private final class Group {
    val members: ArrayBuffer[Int] = ArrayBuffer.empty
    var weight: Double = 0.0
  }

  /** Takes the rows of a partition in a task; None where they take more than so many bytes. */
  private final class TakeRows(limit: Long)
      extends (Iterator[InternalRow] => Option[Array[Array[Byte]]])
      with Serializable {
    override def apply(rows: Iterator[InternalRow]): Option[Array[Array[Byte]]] = {
      val taken = ArrayBuffer.empty[Array[Byte]]
      var bytes = 0L
      while (rows.hasNext && bytes <= limit) rows.next() match {
        case row: UnsafeRow =>
          // The next row may lie where this one does, and its bytes needn't be a copy.
          taken += row.copy().getBytes
          bytes += row.getSizeInBytes
        case other => throw new IllegalStateException(s"$other is no row of Spark's own layout")
      }
      Option.when(bytes <= limit)(taken.toArray)
    }
  }
}
