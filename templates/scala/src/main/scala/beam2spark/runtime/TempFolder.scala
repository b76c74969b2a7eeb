package beam2spark.runtime

import java.io.File
import java.nio.file.{Files, Path => LocalPath}

import org.apache.commons.io.FileUtils
import org.apache.hadoop.fs.Path
import org.apache.spark.sql.SparkSession

/** A folder of this run under the temp location, which the driver and all executors reach. On a
  * local master one is made where none is given; on a cluster `pathOf` refuses.
  *
  * @param location
  *   what `--temp-location` names
  * @param scope
  *   tells the runs of one application apart
  */
final class TempFolder(spark: SparkSession, location: Option[String], scope: String) {

  private var local = Option.empty[LocalPath]
  private var isUsed = false

  /** Whether there is a place that the driver and all executors reach. */
  def isAvailable: Boolean =
    location.isDefined || spark.sparkContext.master.startsWith("local")

  /** The path of a folder for something of this name. Throws [[RuntimeFailure]]
    * (`runtime/temp-location-missing`) where there is no place for it.
    */
  def pathOf(name: String): String = folder match {
    case Some(path) =>
      isUsed = true
      s"$path/$name"
    case None if isAvailable =>
      if (local.isEmpty) local = Some(Files.createTempDirectory("beam2spark-"))
      local.fold("")(_.resolve(name).toString)
    case None =>
      throw RuntimeFailure(
        "runtime/temp-location-missing",
        s"$name has to be stored where the driver and all executors can read it",
        hint = Some("give --temp-location, a path on a shared file system or an object store")
      )
  }

  /** The same with its file system, `file:` for one that the machine mounts. */
  def qualifiedPathOf(name: String): String = {
    val path = new Path(pathOf(name))
    val system = path.getFileSystem(spark.sparkContext.hadoopConfiguration)
    system.makeQualified(path).toString
  }

  /** Deletes what lies there. Nothing may read it any more. */
  def delete(): Unit = {
    local.map(_.toFile).foreach((made: File) => FileUtils.deleteDirectory(made))
    folder.filter(_ => isUsed).foreach { name =>
      val path = new Path(name)
      path.getFileSystem(spark.sparkContext.hadoopConfiguration).delete(path, true)
    }
  }

  private def folder: Option[String] = location.map { place =>
    s"${place.stripSuffix("/")}/beam2spark/${spark.sparkContext.applicationId}/$scope"
  }
}
