package beam2spark.runtime

/** A file that a pattern matches.
  *
  * @param path
  *   as Beam names it
  * @param size
  *   in bytes
  */
private[runtime] final case class MatchedFile(path: String, size: Long)
