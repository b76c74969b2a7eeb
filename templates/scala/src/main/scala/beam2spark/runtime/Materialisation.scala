package beam2spark.runtime

import org.apache.spark.sql.{classic, DataFrame}
import org.apache.spark.sql.functions.lit
import org.apache.spark.storage.StorageLevel

/** Computing something now, once: rows kept in executors, or in files. */
private[runtime] object Materialisation {

  /** The same rows by a plan of the owner's own, to be kept.
    *
    * Spark keeps the rows of equal plans once for all sessions, and lets go of them when the first
    * one of them does. Its optimizer removes the condition, after it has looked for what is kept.
    */
  def ownedBy(owner: String, frame: DataFrame): DataFrame =
    frame.where(lit(owner) === lit(owner))

  /** The DataFrame's rows, computed now and kept in memory or on the executors' disks. */
  def persistNow(frame: DataFrame): DataFrame = {
    val kept = frame.persist(StorageLevel.MEMORY_AND_DISK)
    kept.count()
    kept
  }

  /** The DataFrame's rows, computed now into files of a folder and read back from there. */
  def writeAndRead(frame: DataFrame, folder: String): DataFrame = {
    frame.write.mode("overwrite").parquet(folder)
    frame.sparkSession.read.schema(frame.schema).parquet(folder)
  }

  /** Gives some work the DataFrame's rows, computed now and kept for as long as it lasts. */
  def withKeptRows[A](frame: DataFrame)(work: DataFrame => A): A = {
    try work(persistNow(frame))
    finally frame.unpersist()
  }

  /** How many bytes kept rows take where they lie. */
  def measureRows(kept: DataFrame): Long = {
    val size = classicOf(kept).queryExecution.optimizedPlan.stats.sizeInBytes
    if (size.isValidLong) size.toLong else Long.MaxValue
  }

  /** A DataFrame as the class that Spark's own process has it in. */
  def classicOf(frame: DataFrame): classic.DataFrame =
    frame.asInstanceOf[classic.DataFrame]
}
