package beam2spark.runtime

import java.io.IOException
import java.nio.file.{Files, Path}
import java.util.UUID

import scala.collection.mutable

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{Path => HadoopPath}
import org.apache.spark.SparkEnv
import org.apache.spark.network.util.JavaUtils

/** Files below the temp location as tasks read them: paths that Hadoop has qualified. What lies in
  * a file system that the machine mounts is read where it is; an executor copies any other file
  * that it reads once, and the copies go with it.
  */
private[runtime] object SharedFiles {
  private val Local = "file:"
  private val HadoopSettings = "spark.hadoop."
  private val copies = mutable.Map.empty[String, Path]

  /** The local path of a file: its own, or that of this executor's copy, made now if need be.
    *
    * Errors: a `RuntimeFailure` (`runtime/temp-location-unreachable`) where neither this machine
    * nor Hadoop's file systems reach it.
    */
  def makeReadable(path: String): Path =
    if (!path.startsWith(Local) && !path.startsWith("/")) copyOnce(path)
    else {
      val local = Path.of("/" + path.stripPrefix(Local).dropWhile(_ == '/'))
      if (!Files.exists(local)) throw refuse(path, "it is not there on this machine")
      local
    }

  private def copyOnce(path: String): Path =
    copies.synchronized(copies.getOrElseUpdate(path, copy(path)))

  private def copy(path: String): Path = {
    val target = folder.resolve(UUID.randomUUID.toString)
    val source = new HadoopPath(path)
    try {
      val opened = source.getFileSystem(hadoop).open(source)
      try Files.copy(opened, target)
      finally opened.close()
    } catch {
      case error: IOException =>
        Files.deleteIfExists(target)
        throw refuse(path, s"Hadoop's file systems say: ${error.getMessage}")
    }
    target
  }

  /** Where the copies are: among Spark's own folders where it says which those are. */
  private lazy val folder: Path = {
    val parent = sys.env
      .get("SPARK_LOCAL_DIRS")
      .map(_.takeWhile(_ != ','))
      .getOrElse(System.getProperty("java.io.tmpdir"))
    val made =
      Files.createTempDirectory(Files.createDirectories(Path.of(parent)), "beam2spark-copies-")
    sys.addShutdownHook(JavaUtils.deleteRecursively(made.toFile))
    made
  }

  private lazy val hadoop: Configuration = {
    val configuration = new Configuration
    for ((name, value) <- SparkEnv.get.conf.getAll if name.startsWith(HadoopSettings))
      configuration.set(name.stripPrefix(HadoopSettings), value)
    configuration
  }

  private def refuse(path: String, reason: String): RuntimeFailure = RuntimeFailure(
    "runtime/temp-location-unreachable",
    s"tasks have to write and read $path, but $reason",
    hint = Some(
      "give a --temp-location on a file system that all executors mount or that Hadoop knows, or " +
        "raise spark.beam2spark.maxSideInputBytes"
    )
  )
}
