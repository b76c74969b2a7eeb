package beam2spark.runtime

import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.types.StructType

/** A stage whose functions run in workers of their SDK: `frame.transform(stage)` sends a
  * DataFrame's rows, partition by partition, through the Fn API host.
  *
  * @param description
  *   the stage's two files
  * @param schema
  *   the columns of its output
  * @param sideInputs
  *   their rows, in the order of the stage's JSON
  * @param settings
  *   what all stages of the job are run with
  * @param reports
  *   takes what tasks report
  */
final class Stage(
    val description: StageDescription,
    val schema: StructType,
    val sideInputs: Seq[SideInputRows],
    val settings: StageSettings,
    val reports: TaskReporter
) extends (DataFrame => DataFrame) {

  /** The rows that the stage makes of a DataFrame's. */
  override def apply(frame: DataFrame): DataFrame = StageNode.over(frame, this)

  /** The stage's name in the project. */
  def name: String = description.name

  /** What each of its tasks does.
    *
    * @param input
    *   the columns of the rows that it reads
    * @param batchRows
    *   most rows that are sent at a time
    */
  private[runtime] def task(input: StructType, batchRows: Int): StageTask =
    StageTask(description, input, schema, sideInputs, settings, reports, batchRows)
}
