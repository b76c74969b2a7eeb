package beam2spark.runtime

/** Whether a job was asked to stop. Whoever works for the job calls `check` now and then. */
final class Cancellation {

  @volatile private var asked = false

  /** Whether the job was asked to stop. */
  def isAsked: Boolean = asked

  /** Asks the job to stop. */
  def ask(): Unit = asked = true

  /** Throws [[JobCancelled]] once the job was asked to stop. */
  def check(): Unit = if (asked) throw new JobCancelled
}
