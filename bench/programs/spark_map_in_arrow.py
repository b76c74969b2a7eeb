"""Word count by hand: DataFrames, and the same Python function in `mapInArrow`."""

import re
import sys

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def extract_words(line):
    return re.findall(r"[\w']+", line)


def split(batches):
    for batch in batches:
        words = []
        for line in batch.column(0).to_pylist():
            words.extend(extract_words(line))
        ones = pa.array([1] * len(words), pa.int64())
        yield pa.RecordBatch.from_arrays([pa.array(words, pa.string()), ones], ["word", "one"])


if __name__ == "__main__":
    source, target = sys.argv[1:]
    spark = SparkSession.builder.appName("word count: mapInArrow").getOrCreate()
    (
        spark.read.text(source)
        .mapInArrow(split, "word string, one bigint")
        .groupBy("word")
        .agg(F.sum("one").alias("count"))
        .select(F.concat_ws(": ", "word", "count"))
        .write.text(target)
    )
    spark.stop()
