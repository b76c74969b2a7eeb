package beam2spark.runtime

import scala.util.control.NonFatal

import org.apache.hadoop.util.ShutdownHookManager
import org.apache.spark.SparkConf
import org.apache.spark.sql.SparkSession

/** Runs emitted jobs in a process of their own. */
object JobRunner {

  /** The job is done. */
  val ExitDone: Int = 0

  /** The job has failed. */
  val ExitFailed: Int = 1

  /** The job was refused before it started. */
  val ExitRefused: Int = 2

  // Spark's own hooks are called after this one, and they let go of what is used here.
  private val HookPriority = 1000

  /** Runs a job on the active Spark session, or on one of its own; gives the exit code. */
  def run(job: EmittedJob, arguments: Seq[String]): Int = {
    val events = FileEvents.open()
    try {
      val asked = RuntimeArguments.parse(arguments)
      if (asked.isHelpAsked) {
        println(RuntimeArguments.help)
        ExitDone
      } else run(job, Project.find(asked.project, job.getClass), asked.options, events)
    } catch {
      case refusal: RuntimeFailure =>
        new Progress(Nil, events).fail(refusal)
        ExitRefused
    }
  }

  /** The context of a run; `asked` are its arguments, Spark's settings are the rest of its options.
    * Throws [[RuntimeFailure]] where one of them is no number.
    */
  def createContext(
      spark: SparkSession,
      project: Project,
      asked: RuntimeOptions,
      progress: Progress,
      scope: String = "job"
  ): JobContext = {
    val options = RuntimeArguments.applySettings(asked, spark.conf.getOption)
    new JobContext(spark, project, options, progress, scope)
  }

  private def run(
      job: EmittedJob,
      project: Project,
      asked: RuntimeOptions,
      events: Option[Events]
  ): Int = {
    val progress = new Progress(project.nodes, events)
    val active = SparkSession.getActiveSession
    val spark = active.getOrElse(startSession(job, project.pipelineName))
    try {
      val context = createContext(spark, project, asked, progress)
      val closing: Runnable = () => context.close()
      // Whoever is interrupted or killed lets go of things as well.
      ShutdownHookManager.get().addShutdownHook(closing, HookPriority)
      try job.build(context)
      finally {
        context.close().foreach(Log.warn("could not let go of all that the job has kept", _))
        ShutdownHookManager.get().removeShutdownHook(closing)
      }
      context.reportMetrics()
      ExitDone
    } catch {
      case error @ (NonFatal(_) | _: LinkageError | _: StackOverflowError) =>
        progress.fail(error)
        ExitFailed
    } finally if (active.isEmpty) spark.stop()
  }

  /** A session named by the user, else after the pipeline. */
  private def startSession(job: EmittedJob, pipeline: Option[String]): SparkSession = {
    // Without a name spark-submit takes the class's.
    val plainNames = Set("", job.getClass.getName.stripSuffix("$"))
    val isNamed = !plainNames(new SparkConf().get("spark.app.name", ""))
    val builder = SparkSession.builder()
    pipeline.filterNot(_ => isNamed).foreach(builder.appName)
    builder.getOrCreate()
  }
}
