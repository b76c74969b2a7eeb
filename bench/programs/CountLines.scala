import org.apache.spark.sql.SparkSession
import org.apache.spark.sql.functions.{col, concat_ws}

/** How often each line of a text is there, as one who knows Spark would write it. */
object CountLines {

  /** Takes the text and the folder of the counts. */
  def main(arguments: Array[String]): Unit = {
    val spark = SparkSession.builder().appName("count lines: Scala").getOrCreate()
    spark.read
      .text(arguments(0))
      .groupBy("value")
      .count()
      .select(concat_ws(": ", col("value"), col("count")))
      .write
      .text(arguments(1))
    spark.stop()
  }
}
