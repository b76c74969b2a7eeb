package beam2spark.runtime

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.charset.StandardCharsets.US_ASCII
import java.nio.file.{Path, StandardOpenOption}

/** Appends events to a file, a line of JSON each. */
final class FileEvents private (channel: FileChannel) extends Events {

  /** Writes an event; it is in the file when this returns. */
  override def send(event: Map[String, Any]): Unit = synchronized {
    val line = ByteBuffer.wrap((Json.write(event) + "\n").getBytes(US_ASCII))
    while (line.hasRemaining) channel.write(line)
  }
}

/** Opens the file of a job's events. */
object FileEvents {

  private val Variable = "BEAM2SPARK_EVENTS"

  /** The events file that the environment names, opened for appending, if it names one. */
  def open(): Option[FileEvents] = sys.env.get(Variable).filter(_.nonEmpty).map { path =>
    val channel =
      FileChannel.open(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
    new FileEvents(channel)
  }
}
