package beam2spark.runtime.driver

import java.io.{BufferedReader, IOException, InputStream, InputStreamReader, OutputStream}
import java.nio.charset.StandardCharsets.{US_ASCII, UTF_8}
import java.util.concurrent.{LinkedBlockingQueue, TimeUnit}

import scala.util.control.NonFatal

import beam2spark.runtime.{Events, Json}

/** The line between the Job service and a warm driver: JSON, a line each, both ways. One thread
  * receives; any may send.
  */
final class DriverChannel(input: InputStream, output: OutputStream) extends Events {

  private val commands = new LinkedBlockingQueue[DriverCommand]
  private val reading = new Thread(() => read(), "beam2spark-commands")
  reading.setDaemon(true)
  reading.start()

  /** Sends a message. Nobody hears it once the service has gone. */
  override def send(event: Map[String, Any]): Unit = synchronized {
    try {
      output.write((Json.write(event) + "\n").getBytes(US_ASCII))
      output.flush()
    } catch {
      // Whoever receives finds the end of the line, and ends the driver.
      case _: IOException => ()
    }
  }

  /** The next command, however long it takes; [[StopDriver]] once the service has gone. */
  def receive(): DriverCommand = commands.take()

  /** The next command, if there is one within so many milliseconds. */
  def receive(millis: Long): Option[DriverCommand] =
    Option(commands.poll(millis, TimeUnit.MILLISECONDS))

  private def read(): Unit = {
    val lines = new BufferedReader(new InputStreamReader(input, UTF_8))
    try
      Iterator
        .continually(Option(lines.readLine()))
        .takeWhile(_.isDefined)
        .flatten
        .filter(_.trim.nonEmpty)
        .foreach(line => commands.put(DriverCommand.read(line)))
    catch {
      // A service that can't be understood is as good as gone.
      case NonFatal(_) => ()
    } finally commands.put(StopDriver)
  }
}
