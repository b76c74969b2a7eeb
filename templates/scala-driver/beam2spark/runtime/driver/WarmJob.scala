package beam2spark.runtime.driver

import scala.util.control.NonFatal

import beam2spark.runtime._
import org.apache.spark.sql.SparkSession

/** A job that the service asked for: on a thread and in a Spark session of its own.
  *
  * @param spark
  *   the driver's session
  * @param compiler
  *   the driver's compiler
  * @param channel
  *   takes its events
  * @param command
  *   what the service asked for
  * @param serial
  *   tells this driver's jobs apart
  * @param slot
  *   tells those apart that run at once: each has a pool of Spark's fair scheduler
  * @param onEnd
  *   is called when nothing of the job is left, before the service is told
  */
final class WarmJob(
    spark: SparkSession,
    compiler: JobCompiler,
    channel: DriverChannel,
    command: RunProject,
    serial: Int,
    val slot: Int,
    onEnd: WarmJob => Unit
) extends Events {

  import WarmJob._

  private val scope = s"beam2spark-$serial"
  private val cancellation = new Cancellation
  private val thread = makeThread(scope)(run())

  /** What the service calls it. */
  def name: String = command.job

  /** Runs the project. */
  def start(): Unit = thread.start()

  /** Stops the job's Spark work, now and until its thread has noticed. */
  def cancel(): Unit = if (!cancellation.isAsked) {
    cancellation.ask()
    makeThread(s"$scope-cancel") {
      while (thread.isAlive) {
        spark.sparkContext.cancelJobsWithTag(scope)
        thread.join(CancelMillis)
      }
    }.start()
  }

  /** Waits until the job has ended, but not longer than this. */
  def join(millis: Long): Unit = thread.join(millis)

  /** Sends an event of this job. */
  override def send(event: Map[String, Any]): Unit = channel.send(event + ("job" -> name))

  private def run(): Unit = {
    var outcome = Failed
    try outcome = build()
    finally {
      onEnd(this)
      send(Map("event" -> "finished", "outcome" -> outcome))
    }
  }

  /** Builds the project; gives how it ended, after everything it kept has been let go. */
  private def build(): String = {
    var progress = new Progress(Nil, Some(this), scope, name, cancellation)
    var context = Option.empty[JobContext]
    try {
      val project = new Project(command.project)
      progress = new Progress(project.nodes, Some(this), scope, name, cancellation)
      val read = RuntimeArguments.parse(command.arguments)
      val job = compiler.compile(command.project)
      progress.check()
      val opened =
        JobRunner.createContext(openSession(), project, read.options, progress, scope)
      context = Some(opened)
      job.build(opened)
      opened.reportMetrics()
      Done
    } catch {
      case error @ (NonFatal(_) | _: LinkageError | _: StackOverflowError) =>
        fail(error, context, progress)
    } finally
      context.toSeq
        .flatMap(_.close())
        .foreach(warn("could not let go of all that the job has kept", _))
  }

  /** Reports what the job ended with; gives how it ended, once none of its tasks runs. */
  private def fail(error: Throwable, context: Option[JobContext], progress: Progress): String = {
    val isCancelled = cancellation.isAsked || error.isInstanceOf[JobCancelled]
    if (!isCancelled) progress.fail(error)
    try {
      // They still use what the job has.
      SparkTasks.await(spark.sparkContext, scope, LongestWaitSeconds)
      context.foreach(opened => progress.monitoringInfos(opened.monitoringInfos))
    } catch {
      case NonFatal(other) => warn("could not tell what the job's tasks have done", other)
    }
    if (isCancelled) Cancelled else Failed
  }

  private def warn(text: String, error: Throwable): Unit = {
    Log.warn(s"$name: $text", error)
    send(Map("event" -> "message", "importance" -> "warning", "text" -> s"$text: $error"))
  }

  private def openSession(): SparkSession = {
    spark.sparkContext.addJobTag(scope)
    spark.sparkContext.setLocalProperty("spark.scheduler.pool", s"slot-$slot")
    val session = spark.newSession()
    SessionDefaults(session, command.project)
    SparkSession.setActiveSession(session)
    session
  }
}

private object WarmJob {

  private val Done = "done"
  private val Failed = "failed"
  private val Cancelled = "cancelled"

  private val CancelMillis = 250L
  private val LongestWaitSeconds = 5.0

  private def makeThread(name: String)(work: => Unit): Thread = {
    val thread = new Thread(() => work, name)
    thread.setDaemon(true)
    thread
  }
}
