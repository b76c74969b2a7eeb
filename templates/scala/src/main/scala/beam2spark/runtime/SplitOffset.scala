package beam2spark.runtime

import org.apache.spark.sql.connector.read.streaming.Offset

/** How many of a read's splits a streaming query has read. */
private[runtime] final case class SplitOffset(position: Int) extends Offset {
  override def json(): String = position.toString
}
