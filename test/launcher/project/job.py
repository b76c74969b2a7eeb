"""A job that reports on itself, for the launcher's tests: what it was given, and how it ends."""

import argparse
import json
import os
import sys
import time

from pyspark.sql import SparkSession


def say(**event: object) -> None:
    with open(os.environ["BEAM2SPARK_EVENTS"], "a") as events:
        events.write(json.dumps(event) + "\n")


def worker_facts(batches):
    import beam2spark_runtime
    import pyarrow as pa

    for _ in batches:
        pass
    facts = {
        "runtime": beam2spark_runtime.where(),
        "python": sys.executable,
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    yield pa.RecordBatch.from_pydict({"facts": [json.dumps(facts)]})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--temp-location")
    parser.add_argument("--end", default="well")
    options = parser.parse_args()
    spark = SparkSession.builder.getOrCreate()
    say(event="node-started", node=2)
    rows = spark.range(0, 10, 1, 2).repartition(1).mapInArrow(worker_facts, "facts string")
    facts = json.loads(rows.first().facts)
    say(event="node-progress", node=2, completed=1, total=2)
    if options.end == "waiting":
        print("waiting", flush=True)
        time.sleep(120)
    if options.end == "badly":
        say(
            event="failed",
            node=2,
            code="runtime/user-error",
            message="ValueError: no such word",
            transform="Double/Add",
            traceback='Traceback (most recent call last):\n  File "prog.py", line 3',
        )
        sys.exit(7)
    if options.end == "silently":
        raise RuntimeError("nobody has written this to the events")
    say(event="node-finished", node=2)
    counter = {"transform": "Double", "namespace": "words", "name": "seen", "kind": "counter"}
    say(event="metrics", metrics=[{**counter, "value": 10}])
    conf = spark.sparkContext.getConf()
    names = ["spark.master", "spark.app.name", "spark.sql.shuffle.partitions", "spark.ui.enabled"]
    settings = {name: conf.get(name, None) for name in names}
    temp = options.temp_location
    print(json.dumps({**facts, "settings": settings, "temp": temp, "exists": os.path.isdir(temp)}))


if __name__ == "__main__":
    main()
