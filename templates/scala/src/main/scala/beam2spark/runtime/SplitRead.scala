package beam2spark.runtime

/** What is read of a source, and how.
  *
  * @param splits
  *   the source's parts
  * @param reading
  *   the stage that reads them
  * @param partitions
  *   how many tasks read side by side at most
  */
private[runtime] final case class SplitRead(splits: Splits, reading: Stage, partitions: Int)
