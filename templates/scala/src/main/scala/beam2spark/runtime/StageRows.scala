package beam2spark.runtime

import java.nio.ByteBuffer
import java.util.Collections

import org.apache.spark.{TaskContext, TaskKilledException}
import org.apache.spark.sql.catalyst.InternalRow
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection

/** The rows of a stage's outputs in one task. As everywhere in Spark, a row's memory is used again
  * for the next. What the task holds goes at its end, however that comes.
  *
  * @param input
  *   the task's rows, at least one
  * @param partition
  *   the number of their partition among the stage's
  */
private[runtime] final class StageRows(
    stage: StageTask,
    input: Iterator[InternalRow],
    partition: Int,
    context: TaskContext
) extends Iterator[InternalRow]
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
  private val columns = ArrowColumns.withTexts(stage.output)
  private val outputs =
    keep(new OutputBatches(run, columns, stage.description.outputCount, memory))
  private val toUnsafe = UnsafeProjection.create(columns)
  private var batch: java.util.Iterator[InternalRow] = Collections.emptyIterator
  private var isOver = false

  override def hasNext: Boolean = batch.hasNext || (!isOver && (findNext() || finish()))

  override def next(): InternalRow = {
    if (!hasNext) throw new NoSuchElementException("all rows have been taken")
    toUnsafe(batch.next())
  }

  override def readSideInput(index: Int): SideInputContent = stage.sideInputs(index).read()

  override def takeLog(message: LogMessage): Unit = log.keep(message)

  override def check(): Unit =
    if (context.isInterrupted()) throw new TaskKilledException("the task is not wanted any more")

  /** Goes to the next batch, which has rows. */
  private def findNext(): Boolean =
    try {
      val isFound = outputs.hasNext
      if (isFound) batch = outputs.next().rowIterator()
      isFound
    } catch { case failure: RuntimeFailure => throw failure.withLog(log.result()) }

  /** Ends the task when all rows are there; no more come. */
  private def finish(): Boolean = {
    isOver = true
    val messages = log.result()
    val infos = run.monitoringInfos
    close()
    if (infos.nonEmpty || messages.nonEmpty)
      stage.reports.report(stage.description.name, partition, infos, messages)
    false
  }

  private def keep[T <: AutoCloseable](resource: T): T = {
    opened = resource :: opened
    resource
  }

  /** Lets go of the newest first; what one of them raises keeps none of the others. */
  private def close(): Unit = opened match {
    case newest :: others =>
      opened = others
      try newest.close()
      finally close()
    case Nil => ()
  }
}

private object StageRows {

  /** About so many bytes of rows are sent at a time. */
  private val BatchBytes = 512L << 10
}
