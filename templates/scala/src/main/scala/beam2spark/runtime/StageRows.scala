package beam2spark.runtime

import java.nio.ByteBuffer

import org.apache.spark.{TaskContext, TaskKilledException}
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.vectorized.ColumnarBatch

/** The rows of a stage's outputs in one task. What it holds goes at the task's end, however that
  * comes; the columns of a batch are gone when the next is asked for.
  *
  * @param input
  *   the task's rows, at least one
  */
private[runtime] final class StageRows(
    stage: StageTask,
    input: Iterator[InternalRow],
    context: TaskContext
) extends Iterator[ColumnarBatch]
    with LinkTask {
  private val log = new TaskLog
  // What is opened later may use what is opened before, and is closed first.
  private var opened = List.empty[AutoCloseable]
  context.addTaskCompletionListener[Unit](_ => close())

  private val memory = keep(ArrowMemory.open(stage.description.name))
  override val open: OpenStage = stage.open()
  override val rows: Iterator[Seq[ByteBuffer]] =
    keep(new RowBatches(input, stage.input, memory, stage.batchRows, StageRows.BatchBytes))
  private val link = keep(HostConnection.connect(stage.settings.host))
  private val run = keep(link.run(this, memory))
  private val outputs =
    keep(new OutputBatches(run, stage.output, stage.description.outputCount, memory))
  private var isOver = false

  override def hasNext: Boolean = !isOver && (findNext() || finish())

  override def next(): ColumnarBatch = {
    if (!hasNext) throw new NoSuchElementException("all rows have been taken")
    outputs.next()
  }

  override def readSideInput(index: Int): SideInputContent = stage.sideInputs(index).read()

  override def takeLog(message: LogMessage): Unit = log.keep(message)

  override def check(): Unit =
    if (context.isInterrupted()) throw new TaskKilledException("the task is not wanted any more")

  private def findNext(): Boolean =
    try outputs.hasNext
    catch { case failure: RuntimeFailure => throw failure.withLog(log.result()) }

  /** Ends the task when all rows are there; no more come. */
  private def finish(): Boolean = {
    isOver = true
    val messages = log.result()
    val infos = run.monitoringInfos
    close()
    if (infos.nonEmpty || messages.nonEmpty)
      stage.reports.report(stage.description.name, context.partitionId(), infos, messages)
    false
  }

  private def keep[T <: AutoCloseable](resource: T): T = {
    opened = resource :: opened
    resource
  }

  private def close(): Unit = {
    val resources = opened
    opened = Nil
    resources.foreach(_.close())
  }
}

private object StageRows {

  /** About so many bytes of rows are sent at a time. */
  private val BatchBytes = 1L << 20
}
