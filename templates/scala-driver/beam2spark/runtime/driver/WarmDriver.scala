package beam2spark.runtime.driver

import java.io.{FileDescriptor, FileInputStream, FileOutputStream}
import java.nio.file.Path

import scala.annotation.tailrec
import scala.collection.mutable

import beam2spark.runtime.EmittedJob
import org.apache.spark.sql.SparkSession

/** A Spark driver that stays, and runs the jobs that come over the channel side by side. */
final class WarmDriver(spark: SparkSession, compiler: JobCompiler, channel: DriverChannel) {

  import WarmDriver._

  private val jobs = mutable.Map.empty[String, WarmJob]
  private var serial = 0
  private var isUntidy = false

  /** Obeys commands; returns after a stop, or once the service has gone. */
  @tailrec
  def serve(): Unit = {
    val next = if (isUntidy) channel.receive(TidyMillis) else Some(channel.receive())
    next match {
      case Some(StopDriver) => stopJobs()
      case other =>
        other match {
          case Some(command: RunProject) => run(command)
          case Some(CancelJob(name))     => synchronized(jobs.get(name)).foreach(_.cancel())
          case _                         => tidy()
        }
        serve()
    }
  }

  private def run(command: RunProject): Unit = synchronized {
    val taken = jobs.values.map(_.slot).toSet
    val slot = Iterator.from(0).filterNot(taken).next()
    serial += 1
    val job = new WarmJob(spark, compiler, channel, command, serial, slot, end)
    jobs(job.name) = job
    isUntidy = true
    job.start()
  }

  private def end(job: WarmJob): Unit = {
    synchronized(jobs.remove(job.name))
    if (spark.sparkContext.isStopped) Runtime.getRuntime.halt(ExitSparkDied)
  }

  /** Collects garbage while nobody waits: Spark drops the files of what is no longer there. */
  private def tidy(): Unit = {
    val isIdle = synchronized(jobs.isEmpty)
    if (isIdle) {
      isUntidy = false
      System.gc()
    }
  }

  private def stopJobs(): Unit = {
    val running = synchronized(jobs.values.toVector)
    running.foreach(_.cancel())
    running.foreach(_.join(StopMillis))
  }
}

/** The program of a warm driver, submitted by the Job service. It speaks with it over its standard
  * input and output; what else would be written there goes to standard error.
  */
object WarmDriver {

  private val ExitSparkDied = 3
  private val TidyMillis = 2000L
  private val StopMillis = 5000L

  /** Serves until the service stops the driver or goes. */
  def main(arguments: Array[String]): Unit = {
    val output = new FileOutputStream(FileDescriptor.out)
    System.setOut(System.err)
    val channel = new DriverChannel(new FileInputStream(FileDescriptor.in), output)
    val compiler = new JobCompiler(listClassPath())
    // The first job waits for what is left of it.
    val warming = new Thread(() => compiler.warmUp(), "beam2spark-compiler")
    warming.setDaemon(true)
    warming.start()
    val spark = WarmSession.start()
    WarmSession.warmUp(spark)
    channel.send(
      Map(
        "event" -> "ready",
        "applicationId" -> spark.sparkContext.applicationId,
        "webUrl" -> spark.sparkContext.uiWebUrl
      )
    )
    new WarmDriver(spark, compiler, channel).serve()
    spark.stop()
  }

  /** Spark's jars, and the one of the runtime. */
  private def listClassPath(): Seq[Path] = {
    val runtime = classOf[EmittedJob].getProtectionDomain.getCodeSource.getLocation
    val jars = sys.props("java.class.path").split(java.io.File.pathSeparator)
    jars.toSeq.filter(_.nonEmpty).map(Path.of(_)) :+ Path.of(runtime.toURI)
  }
}
