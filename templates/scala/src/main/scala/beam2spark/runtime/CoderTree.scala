package beam2spark.runtime

/** A coder with its parts, as the bytes at an edge of a worker are written. */
private[runtime] final case class CoderTree(urn: String, parts: Seq[CoderTree] = Nil)
