package beam2spark.runtime

import org.apache.spark.sql.SparkSession

/** A runtime as small as can be. */
object Greeting {

  /** What a job of so many rows says. */
  def greet(spark: SparkSession, rows: Long): String = s"hello to ${spark.range(rows).count()} rows"
}
