package beam2spark.runtime

import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan
import org.apache.spark.sql.execution.{SparkPlan, SparkStrategy}

/** Tells Spark how a stage is run. */
private[runtime] object StageStrategy extends SparkStrategy {

  override def apply(plan: LogicalPlan): Seq[SparkPlan] = plan match {
    case StageNode(stage, output, child) => Seq(StageExec(stage, output, planLater(child)))
    case _                               => Nil
  }
}
