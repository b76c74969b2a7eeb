package beam2spark.runtime

import java.nio.file.{Files, Path}

import org.apache.spark.SparkFiles

/** How a job's tasks reach the Fn API host.
  *
  * @param job
  *   names the job to the host
  * @param application
  *   names those jobs that share hosts
  * @param addresses
  *   where hosts listen already (`unix:PATH` or `HOST:PORT`); if nowhere, an executor's first tasks
  *   start them
  * @param hosts
  *   how many they start
  * @param files
  *   has the host's program and the project's artifacts: a folder of this machine, or, where
  *   `isShipped`, the name of one that Spark has brought to each executor
  * @param isShipped
  *   whether Spark has brought the files
  * @param node
  *   the Node.js to run the host with
  * @param words
  *   further ones of the host's command line
  */
final case class HostSettings(
    job: String,
    application: String,
    addresses: Seq[String],
    hosts: Int,
    files: String,
    isShipped: Boolean,
    node: Option[String],
    words: Seq[String]
) {

  /** The folder with the project's artifacts on this machine, if it has one. */
  def findArtifacts(): Option[Path] = Some(root.resolve("artifacts")).filter(Files.isDirectory(_))

  /** The Node.js that travels with the project, if one does and can be run. */
  def findBundledNode(): Option[Path] = {
    val node = hostFolder.resolve("node")
    // An archive doesn't keep who may run what; the file may be somebody else's.
    Some(node).filter(Files.isRegularFile(_)).filter { file =>
      Files.isExecutable(file) || file.toFile.setExecutable(true)
    }
  }

  /** The host's program on this machine. */
  def findProgram(): Path = hostFolder.resolve("index.mjs")

  private def hostFolder: Path = root.resolve(HostSettings.HostFolder)

  private def root: Path = Path.of(if (isShipped) SparkFiles.get(files) else files)
}

/** Names within a project. */
object HostSettings {

  /** The project's folder with the host's program. */
  val HostFolder: String = "beam2spark_host"
}
