package beam2spark.runtime

/** Takes what tasks report beside their rows. It travels to the tasks. */
trait TaskReporter extends Serializable {

  /** Reports a task of a stage that has succeeded.
    *
    * @param stage
    *   the stage's name
    * @param partition
    *   which of its partitions the task has computed
    * @param infos
    *   MonitoringInfos of the model, encoded
    * @param messages
    *   what the user's functions have logged
    */
  def report(
      stage: String,
      partition: Int,
      infos: Seq[Array[Byte]],
      messages: Seq[LogEntry]
  ): Unit
}
