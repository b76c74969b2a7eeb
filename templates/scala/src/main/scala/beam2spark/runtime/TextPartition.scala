package beam2spark.runtime

import org.apache.spark.sql.connector.read.InputPartition

/** Parts of texts that one task reads. It travels to the task.
  *
  * @param ranges
  *   one after the other
  * @param hosts
  *   the machines that have most of their bytes, best first
  */
private[runtime] final class TextPartition(
    val ranges: Seq[TextRange],
    @transient hosts: Seq[String]
) extends InputPartition {

  override def preferredLocations(): Array[String] = hosts.toArray
}
