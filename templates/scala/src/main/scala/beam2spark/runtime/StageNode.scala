package beam2spark.runtime

import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.Row
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder
import org.apache.spark.sql.catalyst.expressions.{Attribute, AttributeSet}
import org.apache.spark.sql.catalyst.plans.logical.{LogicalPlan, UnaryNode}
import org.apache.spark.sql.catalyst.types.DataTypeUtils
import org.apache.spark.sql.classic.{Dataset, SparkSession}

/** A stage in a query of Spark's. Spark's own operators for functions over partitions hand out rows
  * of objects; as an operator of its own a stage gets Spark's rows as they are and gives columns.
  */
private[runtime] final case class StageNode(
    stage: Stage,
    override val output: Seq[Attribute],
    child: LogicalPlan
) extends UnaryNode {

  // The stage reads each column, so that none is left out of what it is given.
  override lazy val references: AttributeSet = child.outputSet

  override def producedAttributes: AttributeSet = outputSet

  override protected def withNewChildInternal(newChild: LogicalPlan): StageNode =
    copy(child = newChild)
}

private[runtime] object StageNode {

  /** The DataFrame of a stage's output. */
  def over(frame: DataFrame, stage: Stage): DataFrame = {
    val spark = frame.sparkSession.asInstanceOf[SparkSession]
    val methods = spark.experimental
    methods.synchronized {
      if (!methods.extraStrategies.contains(StageStrategy))
        methods.extraStrategies = methods.extraStrategies :+ StageStrategy
    }
    val input = Materialisation.classicOf(frame).queryExecution.analyzed
    val node = StageNode(stage, DataTypeUtils.toAttributes(stage.schema), input)
    new Dataset[Row](spark.sqlContext, node, ExpressionEncoder(stage.schema))
  }
}
