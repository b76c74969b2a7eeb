package beam2spark.runtime

import org.apache.spark.rdd.RDD
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeSet}
import org.apache.spark.sql.execution.{SparkPlan, UnaryExecNode}

/** Runs a stage over the partitions of its input.
  *
  * @param stage
  *   stays on the driver: Spark sends parts of a plan to tasks, which get theirs in another way
  */
private[runtime] final case class StageExec(
    @transient stage: Stage,
    override val output: Seq[Attribute],
    child: SparkPlan
) extends UnaryExecNode {

  override val nodeName: String = s"Stage ${stage.name}"

  override def producedAttributes: AttributeSet = outputSet

  override protected def stringArgs: Iterator[Any] = Iterator(output)

  override protected def doExecute(): RDD[InternalRow] = {
    val task = stage.task(child.schema, conf.arrowMaxRecordsPerBatch)
    child.execute().mapPartitionsWithIndex((partition, rows) => task.process(rows, partition))
  }

  override protected def withNewChildInternal(newChild: SparkPlan): StageExec =
    copy(child = newChild)
}
