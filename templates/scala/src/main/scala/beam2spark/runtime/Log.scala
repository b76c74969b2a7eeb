package beam2spark.runtime

import org.slf4j.{Logger, LoggerFactory}

/** What the runtime says in the log of its process. */
private[runtime] object Log {

  private val logger: Logger = LoggerFactory.getLogger("beam2spark")

  /** Something that is worth a look. */
  def warn(text: String): Unit = logger.warn(text)

  /** An error that nothing has to end for. */
  def warn(text: String, error: Throwable): Unit = logger.warn(text, error)
}
