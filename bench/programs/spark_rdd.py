"""Word count by hand, as an RDD."""

import re
import sys
from operator import add

from pyspark.sql import SparkSession


def extract_words(line):
    return re.findall(r"[\w']+", line)


if __name__ == "__main__":
    source, target = sys.argv[1:]
    spark = SparkSession.builder.appName("word count: RDD").getOrCreate()
    (
        spark.sparkContext.textFile(source)
        .flatMap(extract_words)
        .map(lambda word: (word, 1))
        .reduceByKey(add)
        .map(lambda pair: f"{pair[0]}: {pair[1]}")
        .saveAsTextFile(target)
    )
    spark.stop()
