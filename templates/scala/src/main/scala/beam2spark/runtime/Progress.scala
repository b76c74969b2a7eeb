package beam2spark.runtime

import java.util.Base64
import java.util.concurrent.{CountDownLatch, TimeUnit}

import scala.util.control.NonFatal

import org.apache.spark.SparkContext

/** Reports the nodes of a plan as they are worked on: as events where somebody takes them, and to
  * standard error for a person otherwise.
  *
  * @param nodes
  *   the plan's; a node is named by its number
  * @param events
  *   takes the events
  * @param scope
  *   tells the job groups of several jobs of one Spark application apart
  * @param title
  *   what Spark's pages show in front of a node's name
  * @param cancellation
  *   is asked before and after each node
  */
final class Progress(
    nodes: Seq[PlanNode],
    events: Option[Events],
    scope: String = "beam2spark",
    title: String = "",
    cancellation: Cancellation = new Cancellation
) {

  private val names = nodes.map(node => node.number -> node.name).toMap
  private val prefix = if (title.isEmpty) "" else s"$title "
  private var reported = Set.empty[Throwable]

  /** The Beam name of a node, if it has one. */
  def nameOf(number: Int): Option[String] = names.get(number).filter(_.nonEmpty)

  /** Throws [[JobCancelled]] once the job was asked to stop. */
  def check(): Unit = cancellation.check()

  /** Runs a node's Spark jobs: names them after it, and reports start, tasks and end.
    *
    * A failure is reported with the node and thrown again, unless the job was asked to stop.
    */
  def node[A](number: Int, context: SparkContext)(work: => A): A = {
    check()
    val text = s"[$number] ${names.getOrElse(number, "")}"
    val group = s"$scope-$number"
    report(Map("event" -> "node-started", "node" -> number), Some(text))
    val result = watched(number, group, context) {
      named(context, group, prefix + text) {
        try work
        catch {
          case NonFatal(error) =>
            check()
            fail(error, Some(number))
            throw error
        }
      }
    }
    report(Map("event" -> "node-finished", "node" -> number), None)
    check()
    result
  }

  /** Names the Spark jobs of some work for Spark's pages alone. */
  def show[A](text: String, context: SparkContext)(work: => A): A = {
    context.setJobDescription(prefix + text)
    try work
    finally context.setLocalProperty("spark.job.description", null)
  }

  /** Reports what the job fails with; only the first time for one error. */
  def fail(error: Throwable, number: Option[Int] = None): Unit =
    if (!isReported(error)) {
      messages(ErrorDescription.findLog(error))
      val failure = ErrorDescription.of(error)
      val event = Map[String, Any](
        "event" -> "failed",
        "node" -> number,
        "code" -> failure.code,
        "message" -> failure.message,
        "transform" -> failure.transform,
        "hint" -> failure.hint,
        "traceback" -> failure.traceback
      )
      report(event, Some(failure.lines.mkString("\n")))
    }

  /** Reports what the user's functions logged; a person finds it in the executors' log. */
  def messages(entries: Seq[LogEntry]): Unit = entries.foreach { entry =>
    report(Map("event" -> "message", "importance" -> entry.importance, "text" -> entry.text), None)
  }

  /** Reports the user's metrics: all of them as events, also as Beam's clients take them; a person
    * gets the user's own.
    */
  def metrics(metrics: Seq[Metric], infos: Seq[MonitoringInfo]): Unit = {
    val lines = ShownMetrics.describe(metrics)
    val text = if (lines.isEmpty) None else Some(("metrics" +: lines).mkString("\n  "))
    report(Map("event" -> "metrics", "metrics" -> metrics), text)
    monitoringInfos(infos)
  }

  /** Reports the user's metrics as Beam's clients take them. */
  def monitoringInfos(infos: Seq[MonitoringInfo]): Unit = {
    val encoded = infos.map(info => Base64.getEncoder.encodeToString(info.encode))
    report(Map("event" -> "monitoring-infos", "infos" -> encoded), None)
  }

  private def named[A](context: SparkContext, group: String, text: String)(work: => A): A = {
    context.setJobGroup(group, text, interruptOnCancel = true)
    try work
    finally {
      context.setLocalProperty("spark.jobGroup.id", null)
      context.setLocalProperty("spark.job.description", null)
    }
  }

  private def watched[A](number: Int, group: String, context: SparkContext)(work: => A): A = {
    val done = new CountDownLatch(1)
    val watcher = new Thread(() => watch(number, group, context, done), "beam2spark-progress")
    watcher.setDaemon(true)
    watcher.start()
    try work
    finally {
      done.countDown()
      watcher.join()
    }
  }

  private def watch(
      number: Int,
      group: String,
      context: SparkContext,
      done: CountDownLatch
  ): Unit = {
    var shown = (0, 0)
    while (!done.await(Progress.PollMillis, TimeUnit.MILLISECONDS)) {
      val counts @ (completed, total) = SparkTasks.count(context, group)
      if (counts != shown && total > 0) {
        shown = counts
        val event = Map[String, Any](
          "event" -> "node-progress",
          "node" -> number,
          "completed" -> completed,
          "total" -> total
        )
        report(event, None)
      }
    }
  }

  /** Whether an error was reported, be it as the cause of this one; from now on it is. */
  private def isReported(error: Throwable): Boolean = synchronized {
    val isKnown = reported.exists(_ eq error)
    reported += error
    isKnown
  }

  private def report(event: Map[String, Any], line: Option[String]): Unit = events match {
    case Some(takes) => takes.send(event)
    case None        => line.foreach(System.err.println)
  }
}

private object Progress {
  private val PollMillis = 500L
}
