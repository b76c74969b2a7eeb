package beam2spark.runtime

import org.apache.spark.TaskContext
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.types.StructType

/** What each task of a stage does. It travels to the tasks.
  *
  * @param input
  *   the columns of the rows that the stage reads
  * @param batchRows
  *   most rows that are sent at a time
  */
private[runtime] final case class StageTask(
    description: StageDescription,
    input: StructType,
    output: StructType,
    sideInputs: Seq[SideInputRows],
    settings: StageSettings,
    reports: TaskReporter,
    batchRows: Int
) {

  /** Runs a partition's rows through the stage. Without rows there is no bundle.
    *
    * @param partition
    *   its number among the stage's; a task that has several of them, or those of other stages, has
    *   a number of its own
    *
    * Errors: a `RuntimeFailure`, here or when rows are asked for.
    */
  def process(rows: Iterator[InternalRow], partition: Int): Iterator[InternalRow] =
    if (rows.hasNext) new StageRows(this, rows, partition, TaskContext.get()) else Iterator.empty

  /** What tells the host of the stage. */
  def open(): OpenStage = OpenStage(
    descriptor = description.descriptor,
    stage = description.text,
    options = settings.pipelineOptions,
    bundleBytes = settings.bundleBytes,
    job = settings.host.job,
    artifacts = settings.host.findArtifacts().map(_.toString).getOrElse(""),
    python = settings.python,
    pythonPath = settings.pythonPath,
    workers = settings.workers,
    stateMemoryBytes = settings.stateMemoryBytes,
    storedGroupBytes = settings.maxStoredGroupBytes,
    sideInputs = sideInputs.map(_.name),
    workerSilenceSeconds = settings.workerSilenceSeconds,
    workerStartSeconds = settings.workerStartSeconds
  )
}
