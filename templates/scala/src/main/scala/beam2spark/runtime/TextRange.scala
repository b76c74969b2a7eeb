package beam2spark.runtime

/** A part of a text: the lines that begin at `start` or later and before `stop`, in bytes of the
  * file, or of what a compressed one holds.
  *
  * @param path
  *   as Hadoop has it
  * @param compression
  *   of which it is, by Beam's name
  * @param size
  *   how many of the file's bytes are read for it
  */
private[runtime] final case class TextRange(
    path: String,
    start: Long,
    stop: Long,
    compression: String,
    size: Long
)
