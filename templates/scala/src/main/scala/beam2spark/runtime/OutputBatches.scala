package beam2spark.runtime

import org.apache.arrow.memory.BufferAllocator
import org.apache.arrow.vector.VectorSchemaRoot
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector
import org.apache.spark.sql.types.{IntegerType, StructType}
import org.apache.spark.sql.vectorized.{ArrowColumnVector, ColumnarBatch, ColumnVector}

/** The rows that a stage hands to Spark: its outputs side by side, one of them in each row.
  *
  * @param schema
  *   with texts in place of bytes (ArrowColumns.withTexts); where a stage has several outputs,
  *   `output int` comes first, and the columns of output i are named `o{i}_…`
  */
private[runtime] final class OutputBatches(
    received: Iterator[ReceivedRows],
    schema: StructType,
    outputCount: Int,
    memory: BufferAllocator
) extends Iterator[ColumnarBatch]
    with AutoCloseable {
  private var output = 0
  private var batches = Option.empty[ColumnBatches]

  override def hasNext: Boolean = {
    while (!batches.exists(_.hasNext) && received.hasNext) open(received.next())
    batches.exists(_.hasNext)
  }

  override def next(): ColumnarBatch = {
    if (!hasNext) throw new NoSuchElementException("all rows have been taken")
    assemble(batches.get.next())
  }

  override def close(): Unit = {
    batches.foreach(_.close())
    batches = None
  }

  private def open(rows: ReceivedRows): Unit = {
    close()
    output = rows.output
    batches = Some(new ColumnBatches(rows.content, rows.start, memory))
  }

  private def assemble(root: VectorSchemaRoot): ColumnarBatch = {
    val count = root.getRowCount
    val own = root.getFieldVectors.iterator
    val columns =
      if (outputCount == 1) schema.fields.map(_ => new ArrowColumnVector(own.next()): ColumnVector)
      else {
        val number = new ConstantColumnVector(count, IntegerType)
        number.setInt(output)
        val prefix = s"o${output}_"
        schema.fields.map[ColumnVector] { field =>
          if (field.name.startsWith(prefix)) new ArrowColumnVector(own.next())
          else if (field == schema.head) number
          else {
            val nothing = new ConstantColumnVector(count, field.dataType)
            nothing.setNull()
            nothing
          }
        }
      }
    new ColumnarBatch(columns, count)
  }
}
