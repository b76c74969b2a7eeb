package beam2spark.runtime

import org.apache.spark.rdd.RDD
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeSet}
import org.apache.spark.sql.execution.{SparkPlan, UnaryExecNode}
import org.apache.spark.sql.vectorized.ColumnarBatch

/** Runs a stage over the partitions of its input. */
private[runtime] final case class StageExec(
    stage: Stage,
    override val output: Seq[Attribute],
    child: SparkPlan
) extends UnaryExecNode {

  override def nodeName: String = s"Stage ${stage.name}"

  override def producedAttributes: AttributeSet = outputSet

  override def supportsColumnar: Boolean = true

  override protected def doExecute(): RDD[InternalRow] =
    throw new UnsupportedOperationException("a stage gives columns")

  override protected def doExecuteColumnar(): RDD[ColumnarBatch] = {
    val task = stage.task(child.schema, conf.arrowMaxRecordsPerBatch)
    child.execute().mapPartitions(task.process)
  }

  override protected def withNewChildInternal(newChild: SparkPlan): StageExec =
    copy(child = newChild)
}
