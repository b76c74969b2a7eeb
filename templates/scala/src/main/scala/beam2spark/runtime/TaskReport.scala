package beam2spark.runtime

/** The report of one task.
  *
  * @param infos
  *   the user's metrics, encoded
  * @param messages
  *   what the user's functions logged
  */
final case class TaskReport(infos: Seq[Array[Byte]], messages: Seq[LogEntry])
