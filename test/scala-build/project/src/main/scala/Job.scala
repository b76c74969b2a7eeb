import beam2spark.runtime.Greeting
import org.apache.spark.sql.SparkSession

/** A job as small as can be. */
object Job {

  /** Greets. */
  def main(arguments: Array[String]): Unit = {
    val spark = SparkSession.builder().getOrCreate()
    println(Greeting.greet(spark, arguments.head.toLong))
    spark.stop()
  }
}
