package beam2spark.runtime

import org.apache.spark.sql.SparkSession

/** The user's metrics as lines for people, and in Spark's own pages.
  *
  * A description of a job is shown and kept in the event log: a job of one row, which does nothing
  * else, has the metrics as its description. It is run only where there are pages or a log to show
  * it.
  */
object ShownMetrics {

  // Beam's own file transforms report what they read and wrote as metrics of this namespace.
  private val Lineage = "lineage"
  private val LongestDescription = 4000

  /** A line for each of the user's own metrics. */
  def describe(metrics: Seq[Metric]): Seq[String] =
    metrics.filter(_.namespace != Lineage).map { metric =>
      val value = Json.write(metric.value)
      s"${metric.transform}  ${metric.namespace}.${metric.name} = $value"
    }

  /** Shows the metrics in Spark's pages and event log, where there are any of either. */
  def show(spark: SparkSession, progress: Progress, metrics: Seq[Metric]): Unit = {
    val lines = describe(metrics)
    val settings = spark.sparkContext.getConf
    val isShown = settings.getBoolean("spark.ui.enabled", defaultValue = true)
    val isLogged = settings.getBoolean("spark.eventLog.enabled", defaultValue = false)
    if (lines.nonEmpty && (isShown || isLogged)) {
      val text = lines.mkString("metrics: ", "; ", "")
      val short =
        if (text.length <= LongestDescription) text else text.take(LongestDescription) + "…"
      progress.show(short, spark.sparkContext) {
        spark.range(0, 1, 1, 1).write.format("noop").mode("overwrite").save()
      }
    }
  }
}
