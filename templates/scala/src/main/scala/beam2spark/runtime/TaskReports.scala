package beam2spark.runtime

import scala.collection.immutable.SortedMap

import org.apache.spark.SparkContext
import org.apache.spark.util.AccumulatorV2

/** What tasks report beside their rows, brought to the driver once each: a Spark accumulator with
  * an entry for each partition of each stage. A task that is repeated, or a stage that is computed
  * again, overwrites its entry instead of being counted twice.
  *
  * @param show
  *   is given the messages of each partition on the driver, as they come the first time
  */
final class TaskReports private (@transient private val show: Option[Seq[LogEntry] => Unit])
    extends AccumulatorV2[(TaskReports.Place, TaskReport), TaskReports.Reports]
    with TaskReporter {

  @volatile private var reports: TaskReports.Reports = SortedMap.empty

  override def report(
      stage: String,
      partition: Int,
      infos: Seq[Array[Byte]],
      messages: Seq[LogEntry]
  ): Unit = add((stage, partition) -> TaskReport(infos, messages))

  override def add(entry: (TaskReports.Place, TaskReport)): Unit = synchronized {
    reports += entry
  }

  override def merge(
      other: AccumulatorV2[(TaskReports.Place, TaskReport), TaskReports.Reports]
  ): Unit = {
    val messages = synchronized {
      val before = reports
      reports = before ++ other.value
      val fresh = other.value.filterNot { case (place, _) => before.contains(place) }
      fresh.values.flatMap(_.messages).toVector
    }
    if (messages.nonEmpty) Option(show).flatten.foreach(_(messages))
  }

  override def value: TaskReports.Reports = reports

  override def isZero: Boolean = reports.isEmpty

  override def reset(): Unit = reports = SortedMap.empty

  override def copy(): TaskReports = {
    val twin = new TaskReports(None)
    twin.reports = reports
    twin
  }

  /** The user's metrics of all reports, merged. */
  def mergeMetrics(): Seq[MonitoringInfo] =
    MetricMerging.merge(reports.values.flatMap(_.infos).map(MonitoringInfo.decode).toVector)
}

/** Opens the reports of jobs. */
object TaskReports {

  /** A stage's name and one of its partitions. */
  type Place = (String, Int)

  /** What every task has reported. */
  type Reports = SortedMap[Place, TaskReport]

  /** The accumulator of a job's reports; Spark drops it when nobody has it any more. */
  def open(context: SparkContext, show: Seq[LogEntry] => Unit): TaskReports = {
    val reports = new TaskReports(Some(show))
    context.register(reports)
    reports
  }
}
