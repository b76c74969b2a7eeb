package beam2spark.runtime

import org.apache.spark.broadcast.Broadcast

/** The rows of a side input, computed once, as they travel with the stages that read it. */
sealed trait SideInputRows extends Serializable

/** Rows that every executor gets: `broadcast` is an Arrow stream of them. */
final case class BroadcastRows(broadcast: Broadcast[Array[Byte]]) extends SideInputRows

/** Rows that lie in files.
  *
  * @param paths
  *   the files in the order in which they are read, as Hadoop qualifies them (`file:/…`, `hdfs://…`)
  * @param buckets
  *   where keys are looked up, of each path: the file's keys are those whose hash leaves this
  *   remainder by `bucketCount`; else none
  * @param bucketCount
  *   the number of buckets, more than there are files where some have no keys
  */
final case class StoredRows(paths: Seq[String], buckets: Option[Seq[Int]], bucketCount: Int)
    extends SideInputRows
