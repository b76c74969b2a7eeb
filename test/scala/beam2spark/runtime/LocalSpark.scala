package beam2spark.runtime

import org.apache.spark.sql.SparkSession

/** The Spark session of all suites that need one: it is started once and ends with the process. */
object LocalSpark {

  lazy val session: SparkSession = {
    val started = SparkSession
      .builder()
      .master("local[2]")
      .appName("tests")
      .config("spark.ui.enabled", value = false)
      .config("spark.sql.shuffle.partitions", 2L)
      .config("spark.driver.host", "127.0.0.1")
      .config("spark.driver.bindAddress", "127.0.0.1")
      .getOrCreate()
    started.sparkContext.setLogLevel("OFF")
    started
  }
}
