"""A Spark session that starts and stops: what every job by hand pays before it works."""

from pyspark.sql import SparkSession

if __name__ == "__main__":
    spark = SparkSession.builder.appName("nothing").getOrCreate()
    spark.range(1).count()
    spark.stop()
