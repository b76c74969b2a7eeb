package beam2spark.runtime

/** A part of a text: the lines that begin at `start` or later and before `stop`.
  *
  * @param path
  *   as Hadoop has it
  * @param compression
  *   of which it is, by Beam's name
  */
private[runtime] final case class TextRange(
    path: String,
    start: Long,
    stop: Long,
    compression: String
)
