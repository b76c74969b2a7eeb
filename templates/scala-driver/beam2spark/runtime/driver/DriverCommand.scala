package beam2spark.runtime.driver

import java.nio.file.Path

import scala.jdk.CollectionConverters._

import beam2spark.runtime.Json

/** What the Job service asks of a driver. */
sealed trait DriverCommand

/** To run the project of a folder as a job of the service's. */
final case class RunProject(job: String, project: Path, arguments: Seq[String])
    extends DriverCommand

/** To stop a job. */
final case class CancelJob(job: String) extends DriverCommand

/** To stop all jobs, and end. */
case object StopDriver extends DriverCommand

/** Reads commands. */
object DriverCommand {

  /** The command of a line of JSON. Throws Jackson's `JsonProcessingException` where it is none. */
  def read(line: String): DriverCommand = {
    val command = Json.read(line)
    command.path("command").asText match {
      case "run" =>
        val arguments = command.path("arguments").elements.asScala.map(_.asText).toVector
        RunProject(
          command.path("job").asText,
          Path.of(command.path("project").asText),
          arguments
        )
      case "cancel" => CancelJob(command.path("job").asText)
      case _        => StopDriver
    }
  }
}
