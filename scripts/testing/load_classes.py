"""Does a little of everything on Spark, so that its JVM has loaded most of what others will.

python load_classes.py FOLDER
"""

import sys

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f


def hand_on(batches):
    """A function of Spark's Python workers."""
    yield from batches


def use_spark(spark, folder):
    """Files, a function of Python's, a join, a window and a group."""
    spark.range(9).write.parquet(folder)
    rows = spark.read.parquet(folder)
    rows = rows.mapInArrow(hand_on, rows.schema).persist()
    number = f.row_number().over(Window.partitionBy(rows["id"] % 2).orderBy("id"))
    numbered = rows.withColumn("number", number).join(f.broadcast(rows), "id")
    numbered.groupBy("number").agg(f.count("id")).collect()


if __name__ == "__main__":
    session = SparkSession.builder.getOrCreate()
    use_spark(session, sys.argv[1])
    session.stop()
