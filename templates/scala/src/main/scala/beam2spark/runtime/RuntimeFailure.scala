package beam2spark.runtime

import java.io.{PrintWriter, StringWriter}

import com.fasterxml.jackson.databind.ObjectMapper

/** What a job can fail with. It travels from a task to the driver as it is: all of its parts are
  * serializable, and the text holds all of them on lines of a fixed shape for those who get no more
  * than that.
  *
  * @param code
  *   what a person can look up, such as `runtime/host-lost`
  * @param reason
  *   why, on one line
  * @param transform
  *   the full name of the Beam transform, where one is known
  * @param hint
  *   what to do about it
  * @param trace
  *   the traceback of a user's function
  * @param log
  *   what the user's functions logged in the task until then
  */
final class RuntimeFailure private (
    val code: String,
    val reason: String,
    val transform: Option[String],
    val hint: Option[String],
    val trace: Option[String],
    val log: Seq[LogEntry]
) extends RuntimeException(RuntimeFailure.describe(code, reason, transform, hint, trace, log)) {

  /** The same failure with what was logged until then. */
  def withLog(entries: Seq[LogEntry]): RuntimeFailure = {
    val failure = new RuntimeFailure(code, reason, transform, hint, trace, entries.toVector)
    failure.setStackTrace(getStackTrace)
    failure
  }
}

/** Makes failures, and texts that are fit to be sent. */
object RuntimeFailure {

  // So many characters of an error go to the driver; a user's message may hold a whole element.
  private val LongestReason = 4000
  private val LongestTrace = 40000

  /** A failure; `reason` and `trace` are cut to what is fit to be sent. */
  def apply(
      code: String,
      reason: String,
      transform: Option[String] = None,
      hint: Option[String] = None,
      trace: Option[String] = None
  ): RuntimeFailure = {
    val words = reason.split("\\s+").filter(_.nonEmpty).mkString(" ")
    new RuntimeFailure(
      code,
      makeSendable(words, LongestReason),
      transform,
      hint,
      trace.map(makeSendable(_, LongestTrace)),
      Vector.empty
    )
  }

  /** A text that can be encoded, with its middle left out where it is longer than the limit. */
  def makeSendable(text: String, limit: Int): String = {
    val half = limit / 2
    val short =
      if (text.length <= limit) text else s"${text.take(half)} … ${text.takeRight(half)}"
    new String(short.getBytes("UTF-8"), "UTF-8")
  }

  private val json = new ObjectMapper

  private def describe(
      code: String,
      reason: String,
      transform: Option[String],
      hint: Option[String],
      trace: Option[String],
      log: Seq[LogEntry]
  ): String = {
    val text = new StringWriter
    val lines = new PrintWriter(text)
    lines.print(s"error $code")
    transform.foreach(name => lines.print(s"\n  at   $name"))
    lines.print(s"\n  why  $reason")
    hint.foreach(what => lines.print(s"\n  hint $what"))
    log.foreach(entry => lines.print(s"\n  log  ${describe(entry)}"))
    trace.foreach(frames => lines.print(s"\n${frames.stripTrailing}"))
    text.toString
  }

  private def describe(entry: LogEntry): String = json.writeValueAsString(
    json.createObjectNode.put("importance", entry.importance).put("text", entry.text)
  )
}
