package beam2spark.runtime

/** What a stage's tasks report, for the job and for Spark's pages. */
private[runtime] final case class StageReports(reports: TaskReports, counters: StageCounters)
    extends TaskReporter {

  override def report(
      stage: String,
      partition: Int,
      infos: Seq[Array[Byte]],
      messages: Seq[LogEntry]
  ): Unit = {
    counters.add(infos.map(MonitoringInfo.decode))
    if (infos.nonEmpty || messages.nonEmpty) reports.report(stage, partition, infos, messages)
  }
}
