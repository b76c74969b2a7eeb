package beam2spark.runtime

import scala.collection.immutable.SortedMap

import org.apache.spark.SparkContext
import org.apache.spark.util.AccumulatorV2

/** The user's counters of a stage as a named accumulator, which Spark's pages show beside the
  * stage's tasks. Like all that Spark shows there it counts what is computed again; a job's metrics
  * (`TaskReports`) don't.
  */
private[runtime] final class StageCounters private
    extends AccumulatorV2[Seq[MonitoringInfo], StageCounters.Totals] {

  @volatile private var totals = StageCounters.Totals(SortedMap.empty)

  /** Takes the counters among a task's metrics. */
  override def add(infos: Seq[MonitoringInfo]): Unit = {
    val counters = Metric.decode(infos.filter(_.kind == MetricKind.SumInt64))
    totals = totals.plus(counters.collect {
      case Metric(transform, namespace, name, _, count: Long) =>
        s"$transform $namespace.$name" -> count
    })
  }

  override def merge(other: AccumulatorV2[Seq[MonitoringInfo], StageCounters.Totals]): Unit =
    totals = totals.plus(other.value.sums)

  override def value: StageCounters.Totals = totals

  override def isZero: Boolean = totals.sums.isEmpty

  override def reset(): Unit = totals = StageCounters.Totals(SortedMap.empty)

  override def copy(): StageCounters = {
    val twin = new StageCounters
    twin.totals = totals
    twin
  }
}

private[runtime] object StageCounters {

  /** What was counted, by the counters' names. Spark shows it as text. */
  final case class Totals(sums: SortedMap[String, Long]) {

    /** These and others together. */
    def plus(others: Iterable[(String, Long)]): Totals =
      Totals(others.foldLeft(sums) { case (sofar, (name, count)) =>
        sofar.updated(name, sofar.getOrElse(name, 0L) + count)
      })

    override def toString: String =
      sums.map { case (name, count) => s"$name = $count" }.mkString(", ")
  }

  /** The counters of a stage; Spark drops them when nobody has them any more. */
  def open(context: SparkContext, stage: String): StageCounters = {
    val counters = new StageCounters
    context.register(counters, s"metrics of $stage")
    counters
  }
}
