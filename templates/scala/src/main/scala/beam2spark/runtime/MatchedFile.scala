package beam2spark.runtime

import org.apache.hadoop.fs.BlockLocation

/** A file that a pattern matches.
  *
  * @param path
  *   as Beam names it
  * @param size
  *   in bytes
  * @param blocks
  *   which machines have which of them, where the file system says so
  */
private[runtime] final case class MatchedFile(
    path: String,
    size: Long,
    blocks: Seq[BlockLocation] = Nil
)
