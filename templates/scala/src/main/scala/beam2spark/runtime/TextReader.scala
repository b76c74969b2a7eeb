package beam2spark.runtime

import org.apache.hadoop.conf.Configuration
import org.apache.spark.sql.connector.read.PartitionReader
import org.apache.spark.sql.vectorized.{ColumnarBatch, ColumnVector}

/** Reads ranges of texts, one after the other. Each batch of lines lies where the last one lay, as
  * Spark's own columnar readers have it.
  */
private[runtime] final class TextReader(ranges: Seq[TextRange], hadoop: Configuration)
    extends PartitionReader[ColumnarBatch] {

  private val waiting = ranges.iterator
  private val column = new TextColumn
  private val batch = new ColumnarBatch(Array[ColumnVector](column))
  private var current: Option[TextRangeReader] = None

  override def next(): Boolean = {
    while (!current.exists(_.read(column)) && waiting.hasNext) {
      close()
      current = Some(new TextRangeReader(waiting.next(), hadoop))
    }
    batch.setNumRows(column.size)
    column.size > 0
  }

  override def get(): ColumnarBatch = batch

  override def close(): Unit = {
    current.foreach(_.close())
    current = None
  }
}
