package beam2spark.runtime

/** What a task's functions have logged, up to a limit: so much goes to the driver. All of it goes
  * to standard error, which is the executor's log.
  */
private[runtime] final class TaskLog {
  private val entries = Vector.newBuilder[LogEntry]
  private var count = 0
  private var characters = 0
  private var leftOut = 0

  /** Keeps a message, or counts it where the limit is reached. */
  def keep(message: LogMessage): Unit = {
    val where = if (message.transform.isEmpty) "" else s"${message.transform}: "
    System.err.println(where + message.text)
    if (count >= TaskLog.MostMessages || characters >= TaskLog.MostCharacters) leftOut += 1
    else {
      val text = RuntimeFailure.makeSendable(where + message.text, TaskLog.LongestMessage)
      entries += LogEntry(message.importance, text)
      count += 1
      characters += text.length
    }
  }

  /** What was kept, and how much was left out. */
  def result(): Seq[LogEntry] =
    if (leftOut == 0) entries.result()
    else {
      val text = s"$leftOut more messages of this task are only in the log of its worker"
      entries.result() :+ LogEntry("warning", text)
    }
}

private object TaskLog {
  private val MostMessages = 200
  private val LongestMessage = 4000
  private val MostCharacters = 200000
}
