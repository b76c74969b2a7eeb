package beam2spark.runtime

import java.math.BigInteger
import java.nio.charset.StandardCharsets.UTF_8
import java.security.MessageDigest

import org.apache.spark.broadcast.Broadcast

/** The rows of a side input, computed once, as they travel with the stages that read it. */
sealed trait SideInputRows extends Serializable {

  /** What names the rows within the job. */
  private[runtime] def name: String

  /** What a task sends to a host that lacks the rows.
    *
    * Errors: a `RuntimeFailure` (`runtime/temp-location-unreachable`) where a file of theirs isn't
    * there for this machine.
    */
  private[runtime] def read(): SideInputContent
}

/** Rows that every executor gets: `broadcast` is an Arrow stream of them. */
final case class BroadcastRows(broadcast: Broadcast[Array[Byte]]) extends SideInputRows {

  private[runtime] override def name: String = s"broadcast-${broadcast.id}"

  private[runtime] override def read(): SideInputContent = SideInputStream(broadcast.value)
}

/** Rows that lie in files.
  *
  * @param paths
  *   the files in the order in which they are read, as Hadoop qualifies them (`file:/…`,
  *   `hdfs://…`)
  * @param buckets
  *   where keys are looked up, of each path: the file's keys are those whose hash leaves this
  *   remainder by `bucketCount`; else none
  * @param bucketCount
  *   the number of buckets, more than there are files where some have no keys
  */
final case class StoredRows(paths: Seq[String], buckets: Option[Seq[Int]], bucketCount: Int)
    extends SideInputRows {

  private[runtime] override def name: String = {
    val digest = MessageDigest.getInstance("SHA-256").digest(toString.getBytes(UTF_8))
    f"files-${new BigInteger(1, digest)}%064x"
  }

  private[runtime] override def read(): SideInputContent = SideInputFiles(
    paths.map(SharedFiles.makeReadable(_).toString),
    buckets.getOrElse(Nil),
    bucketCount
  )
}
