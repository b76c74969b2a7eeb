package beam2spark.runtime

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import org.apache.spark.sql.SparkSession

/** The project's own defaults (conf/spark-defaults.conf) for a session that others have started. */
object SessionDefaults {

  // All that a session can have of its own.
  private val Prefix = "spark.sql."

  /** Sets the project's defaults that the application's settings leave open. */
  def apply(session: SparkSession, project: Path): Unit = {
    val path = project.resolve("conf").resolve("spark-defaults.conf")
    val lines = if (Files.isRegularFile(path)) Files.readAllLines(path).asScala.toSeq else Nil
    for {
      line <- lines.map(_.trim)
      Array(name, value) <- Seq(line.split("\\s+", 2)).filter(_.length == 2)
      if name.startsWith(Prefix) && session.conf.getOption(name).isEmpty
    } session.conf.set(name, value)
  }
}
