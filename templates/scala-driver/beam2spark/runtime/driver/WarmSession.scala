package beam2spark.runtime.driver

import org.apache.spark.SparkConf
import org.apache.spark.sql.SparkSession

/** The Spark session of a warm driver. */
object WarmSession {

  // Unless the user has set something else.
  private val defaults = Seq(
    // Jobs that run at once share the cores.
    "spark.scheduler.mode" -> "FAIR",
    // What is shown of old jobs is kept in memory.
    "spark.ui.retainedJobs" -> "200",
    "spark.ui.retainedStages" -> "400",
    "spark.ui.retainedTasks" -> "20000",
    "spark.sql.ui.retainedExecutions" -> "100",
    // Spark starts a thread for each query until there are so many, a thousand by default.
    "spark.sql.shuffleExchange.maxThreadThreshold" -> "32",
    "spark.sql.resultQueryStage.maxThreadThreshold" -> "32"
  )

  /** Starts Spark with what it was submitted with, and the defaults of a warm driver. */
  def start(): SparkSession = {
    val conf = new SparkConf()
    defaults.foreach { case (name, value) => conf.setIfMissing(name, value) }
    SparkSession.builder().config(conf).getOrCreate()
  }

  /** Runs something small, so that the first job finds classes loaded. */
  def warmUp(spark: SparkSession): Unit = {
    val rows = spark.range(0, 4, 1, 2)
    val both = rows.union(rows.repartition(2)).repartition(rows("id")).sortWithinPartitions("id")
    both.write.format("noop").mode("overwrite").save()
  }
}
