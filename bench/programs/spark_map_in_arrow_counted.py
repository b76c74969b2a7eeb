"""Word count by hand: `mapInArrow` whose tasks count in Python before Spark adds up."""

import re
import sys
from collections import Counter

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def extract_words(line):
    return re.findall(r"[\w']+", line)


def count(batches):
    counts = Counter()
    for batch in batches:
        for line in batch.column(0).to_pylist():
            counts.update(extract_words(line))
    words, totals = pa.array(counts.keys(), pa.string()), pa.array(counts.values(), pa.int64())
    yield pa.RecordBatch.from_arrays([words, totals], ["word", "count"])


if __name__ == "__main__":
    source, target = sys.argv[1:]
    spark = SparkSession.builder.appName("word count: mapInArrow, counted").getOrCreate()
    (
        spark.read.text(source)
        .mapInArrow(count, "word string, count bigint")
        .groupBy("word")
        .agg(F.sum("count").alias("count"))
        .select(F.concat_ws(": ", "word", "count"))
        .write.text(target)
    )
    spark.stop()
