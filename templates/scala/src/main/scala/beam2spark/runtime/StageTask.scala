package beam2spark.runtime
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.types.StructType
import org.apache.spark.sql.vectorized.ColumnarBatch
private[runtime] final class StageTask(stage: Stage, input: StructType, mostRows: Int) extends Serializable {
  def process(rows: Iterator[InternalRow]): Iterator[ColumnarBatch] = Iterator.empty
}
