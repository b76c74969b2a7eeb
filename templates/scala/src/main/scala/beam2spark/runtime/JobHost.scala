package beam2spark.runtime

import java.nio.file.{Files, Path}
import java.util.zip.{ZipEntry, ZipOutputStream}

import scala.jdk.CollectionConverters._
import scala.util.Using

import org.apache.spark.SparkContext
import org.apache.spark.network.util.JavaUtils
import org.apache.spark.sql.SparkSession

/** What a job has of Fn API hosts.
  *
  * @param settings
  *   how its tasks reach them
  */
final class JobHost private (val settings: HostSettings, shipped: Option[Path])
    extends AutoCloseable {

  /** Ends the job's workers on this machine, and removes what Spark has brought to executors.
    *
    * Hosts on other machines end workers that nobody wants any more.
    */
  override def close(): Unit = {
    shipped.foreach(archive => JavaUtils.deleteRecursively(archive.getParent.toFile))
    HostConnection.endJob(settings)
  }
}

/** Prepares jobs for hosts. */
object JobHost {
  private val Artifacts = "artifacts"
  private val SlotsPerHost = 4
  private val Isolation = "spark.sql.artifact.isolation.enabled"

  /** Prepares a session before its first query: tasks of one that is isolated get none of the
    * archives that Spark brings to executors, the host's program among them.
    */
  def prepare(session: SparkSession): Unit = session.conf.set(Isolation, "false")

  /** Prepares a job of a project. On a cluster Spark brings the host's program and the artifacts to
    * the executors.
    *
    * @param project
    *   the project's folder
    * @param scope
    *   tells the jobs of one application apart
    * @param options
    *   say where hosts listen already, or how they are started
    */
  def open(
      context: SparkContext,
      project: Path,
      scope: String,
      options: RuntimeOptions
  ): JobHost = {
    val job = s"${context.applicationId}-$scope"
    val name = s"beam2spark-$job"
    val shipped = if (context.isLocal) None else Some(pack(project, name))
    shipped.foreach(archive => context.addArchive(s"$archive#$name"))
    val settings = HostSettings(
      job = job,
      application = context.applicationId,
      addresses = options.host.toSeq.flatMap(_.split(',')),
      hosts = options.hosts.filter(_ > 0).getOrElse(countHosts(context)),
      files = if (shipped.isEmpty) project.toString else name,
      isShipped = shipped.isDefined,
      node = options.node,
      words = options.hostBind.toSeq.flatMap(Seq("--bind", _)) ++
        options.hostAdvertise.toSeq.flatMap(Seq("--advertise", _))
    )
    new JobHost(settings, shipped)
  }

  /** How many hosts an executor has: one is enough for the rows of a few slots. */
  private def countHosts(context: SparkContext): Int = {
    val slots =
      if (context.isLocal) context.defaultParallelism
      else context.getConf.getInt("spark.executor.cores", 1)
    math.max(1, (slots + SlotsPerHost - 1) / SlotsPerHost)
  }

  /** An archive of what executors need of the project, in a folder of its own. */
  private def pack(project: Path, name: String): Path = {
    val archive = Files.createTempDirectory("beam2spark-files-").resolve(s"$name.zip")
    Using.resource(new ZipOutputStream(Files.newOutputStream(archive))) { packed =>
      for (file <- listFiles(project)) {
        packed.putNextEntry(new ZipEntry(project.relativize(file).toString))
        Files.copy(file, packed)
        packed.closeEntry()
      }
    }
    archive
  }

  private def listFiles(project: Path): Seq[Path] =
    Seq(HostSettings.HostFolder, Artifacts)
      .map(project.resolve)
      .filter(Files.isDirectory(_))
      .flatMap { folder =>
        Using.resource(Files.walk(folder)) { found =>
          found.iterator.asScala.filter(Files.isRegularFile(_)).toVector.sorted
        }
      }
}
