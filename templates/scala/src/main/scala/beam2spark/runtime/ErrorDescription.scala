package beam2spark.runtime

import java.io.{PrintWriter, StringWriter}

import scala.util.matching.Regex

/** What went wrong, for a person.
  *
  * @param code
  *   what can be looked up
  * @param message
  *   why
  * @param transform
  *   the full name of the Beam transform, where one is known
  * @param hint
  *   what to do about it, where something can be said
  * @param traceback
  *   of a user's function, or of an error that nobody has foreseen
  */
final case class ErrorDescription(
    code: String,
    message: String,
    transform: Option[String] = None,
    hint: Option[String] = None,
    traceback: Option[String] = None
) {

  /** Its lines on standard error. */
  def lines: Seq[String] =
    Seq(s"error $code") ++ transform.map("  at   " + _) ++ Seq(s"  why  $message") ++
      hint.map("  hint " + _) ++ traceback
}

/** Describes errors: failures of our own, and what Spark makes of others. */
object ErrorDescription {

  // What Spark says of bytes that its text source has read; nothing else that we emit checks them.
  private val InvalidText: Regex =
    raw"\[INVALID_UTF8_STRING\] Invalid UTF8 byte sequence found in string: (\S+)\. SQL".r
  // Spark's words around a cause.
  private val LostTask: Regex =
    raw"most recent failure: Lost task \S+ in stage \S+ \(TID \d+\) \([^)]*\): ".r
  private val LostExecutor: Regex = raw"ExecutorLostFailure \(([^\n]*)\) Reason: ([^\n]*)".r

  // Causes can go in circles.
  private val LongestChain = 100

  /** What an error comes down to. */
  def of(error: Throwable): ErrorDescription = {
    val causes = listCauses(error)
    causes
      .collectFirst { case failure: RuntimeFailure => describe(failure) }
      .orElse(causes.map(_.toString).flatMap(describeSpark).headOption)
      .getOrElse(
        ErrorDescription(
          "runtime/job-failed",
          findCause(causes),
          traceback = Some(printTrace(error))
        )
      )
  }

  /** What the user's functions logged in the task that failed, before it did. */
  def findLog(error: Throwable): Seq[LogEntry] =
    listCauses(error).collectFirst { case failure: RuntimeFailure => failure.log }.getOrElse(Nil)

  private def describe(failure: RuntimeFailure): ErrorDescription =
    ErrorDescription(failure.code, failure.reason, failure.transform, failure.hint, failure.trace)

  private def describeSpark(text: String): Option[ErrorDescription] =
    InvalidText.findFirstMatchIn(text).map { found =>
      val message = s"a line of a text is not UTF-8: ${found.group(1)}"
      ErrorDescription("runtime/file-unreadable", message)
    } orElse LostExecutor.findFirstMatchIn(text).map { found =>
      ErrorDescription(
        "runtime/executor-lost",
        s"${found.group(1)}: ${found.group(2)}",
        hint = Some("the executor's log and the system's say why; mostly its memory is too small")
      )
    }

  /** What the first error says, without Spark's words, and the last cause. */
  private def findCause(causes: Seq[Throwable]): String = {
    def name(error: Throwable): String =
      LostTask.split(error.toString.linesIterator.nextOption().getOrElse("")).last
    val (first, last) = (name(causes.head), name(causes.last))
    if (first.contains(last)) first else s"$first, caused by $last"
  }

  private def listCauses(error: Throwable): Seq[Throwable] =
    Iterator
      .iterate(Option(error))(_.flatMap(one => Option(one.getCause)))
      .take(LongestChain)
      .takeWhile(_.isDefined)
      .flatten
      .toVector

  private def printTrace(error: Throwable): String = {
    val text = new StringWriter
    error.printStackTrace(new PrintWriter(text))
    text.toString.stripTrailing
  }
}
