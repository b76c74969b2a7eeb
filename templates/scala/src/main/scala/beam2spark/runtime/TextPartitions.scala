package beam2spark.runtime

import scala.collection.mutable.ArrayBuffer

import org.apache.hadoop.fs.BlockLocation

/** How texts are shared out among tasks, as Spark shares out files of its own sources: large ones
  * are cut, small ones are put together, each with what it costs to open it.
  *
  * @param partitionBytes
  *   what a task reads at most, unless a file that can't be cut is larger
  * @param openBytes
  *   how many bytes could be read while a file is opened
  * @param least
  *   so many tasks there should be, if there are enough bytes
  */
private[runtime] final case class TextPartitions(
    partitionBytes: Long,
    openBytes: Long,
    least: Int
) {

  /** The partitions of files that hold something.
    *
    * @param compression
    *   Beam's name of one, or `auto`
    */
  def plan(files: Seq[MatchedFile], compression: String): Seq[TextPartition] = {
    val each = files.map(_.size + openBytes).sum / least
    val bytes = math.min(partitionBytes, math.max(openBytes, each)).max(1L)
    pack(files.flatMap(split(_, compression, bytes)), bytes)
  }

  private def split(file: MatchedFile, compression: String, bytes: Long): Seq[LocatedRange] = {
    val found = Compression.find(file.path, compression)
    val path = MatchedFiles.qualify(file.path).toString
    if (found != Compression.None)
      Seq(LocatedRange(TextRange(path, 0, Long.MaxValue, found, file.size), file.blocks))
    else
      (0L until file.size by bytes).map { start =>
        val stop = math.min(start + bytes, file.size)
        LocatedRange(TextRange(path, start, stop, found, stop - start), file.blocks)
      }
  }

  /** The largest first, so that nobody waits for one that began late. */
  private def pack(ranges: Seq[LocatedRange], bytes: Long): Seq[TextPartition] = {
    val packed = ArrayBuffer.empty[ArrayBuffer[LocatedRange]]
    var filled = 0L
    for (one <- ranges.sortBy(-_.range.size)) {
      if (packed.isEmpty || filled + one.range.size > bytes) {
        packed += ArrayBuffer.empty
        filled = 0
      }
      packed.last += one
      filled += one.range.size + openBytes
    }
    packed.map(located => new TextPartition(located.map(_.range).toVector, rank(located))).toSeq
  }

  /** The machines that have most bytes of these ranges. */
  private def rank(located: Iterable[LocatedRange]): Seq[String] = located.iterator
    .flatMap(_.bytesByHost)
    .toSeq
    .groupMapReduce(_._1)(_._2)(_ + _)
    .toSeq
    .sortBy { case (host, bytes) => (-bytes, host) }
    .map(_._1)
    .take(TextPartitions.MostHosts)

  private case class LocatedRange(range: TextRange, blocks: Seq[BlockLocation]) {

    def bytesByHost: Seq[(String, Long)] = for {
      block <- blocks
      until = math.min(range.stop, block.getOffset + block.getLength)
      shared = until - math.max(range.start, block.getOffset)
      if shared > 0
      // Object stores say this of everything.
      host <- block.getHosts if host != "localhost"
    } yield host -> shared
  }
}

private object TextPartitions {
  private val MostHosts = 3
}
