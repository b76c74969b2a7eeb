"""Word count by hand, as a DataFrame without Python functions."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

if __name__ == "__main__":
    source, target = sys.argv[1:]
    spark = SparkSession.builder.appName("word count: DataFrame").getOrCreate()
    words = F.explode(F.regexp_extract_all("value", F.lit(r"([\w']+)"))).alias("word")
    (
        spark.read.text(source)
        .select(words)
        .groupBy("word")
        .count()
        .select(F.concat_ws(": ", "word", "count"))
        .write.text(target)
    )
    spark.stop()
