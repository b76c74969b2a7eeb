"""The word count stage on a real Spark, against the same words counted by hand."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import apache_beam as beam
from beam2spark_runtime import Job, exact_sum
from stage_files import UTF8, VARINT, Output, StageFiles, capture, keyed, layout

_LINES = ["the cat and the dog", "", "the end, d'accord", "and naïve ende"] * 50


def _build(pipeline: beam.Pipeline) -> None:
    (
        pipeline
        | "Lines" >> beam.Create(_LINES).with_output_types(str)
        | "Split" >> beam.FlatMap(lambda line: re.findall(r"[\w']+", line)).with_output_types(str)
        | "Pair" >> beam.Map(lambda word: (word, 1)).with_output_types(tuple[str, int])
        | "Sum" >> beam.CombinePerKey(sum)
    )


def test_counts_words_with_and_without_pre_aggregation(job: Job, tmp_path: Path) -> None:
    expected = Counter(word for line in _LINES for word in re.findall(r"[\w']+", line))
    proto = capture(_build)
    for combine in (None, "sum"):
        output = Output("Pair", layout(keyed(UTF8, VARINT)), combine=combine)
        name = f"s_{combine}"
        StageFiles(proto, name, ["Split", "Pair"], layout(UTF8), [output]).write(tmp_path)
        stage = job.stage(name, schema="key string, value bigint")
        lines = job.spark.createDataFrame([(line,) for line in _LINES], "value string").repartition(
            3
        )
        pairs = lines.mapInArrow(stage.process, stage.schema)
        counts = pairs.groupBy("key").agg(exact_sum("value").alias("value"))
        assert {row.key: int(row.value) for row in counts.collect()} == expected
