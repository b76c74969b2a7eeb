package beam2spark.runtime

import java.nio.ByteBuffer

/** What a task gives its link. All of it is asked for on the task's own thread. */
private[runtime] trait LinkTask {

  /** The stage to be run. */
  def open: OpenStage

  /** Arrow streams of the task's rows, each as the parts that it is sent in. The parts of one may
    * change once the next is asked for.
    */
  def rows: Iterator[Seq[ByteBuffer]]

  /** The stage's i-th side input, which the host lacks. */
  def readSideInput(index: Int): SideInputContent

  /** Takes what a function has logged. */
  def takeLog(message: LogMessage): Unit

  /** Raises what ends the task where somebody wants it to end. Asked while the link waits. */
  def check(): Unit
}
