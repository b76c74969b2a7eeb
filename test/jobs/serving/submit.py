"""Submits what its first argument names to a Job service, and prints what becomes of it as JSON.

`python submit.py DEED [WORDS…] -- OPTIONS…`, with Beam's options after the `--`.
"""

import importlib
import json
import logging
import os
import pathlib
import sys
import time

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_stream import TestStream
from apache_beam.testing.util import assert_that, equal_to


def shout(word):
    Metrics.counter("words", "seen").inc()
    Metrics.distribution("words", "length").update(len(word))
    logging.getLogger("shouting").warning("about to shout %s", word)
    if word == "fear":
        raise ValueError(f"nobody shouts {word}")
    return word.upper()


def rest(mark):
    pathlib.Path(mark).touch()
    time.sleep(120)


def version_of(name):
    return importlib.import_module(name).VERSION


def find_process(_element):
    return os.getpid()


def at_home(pipeline):
    """Asserts that functions run in this very process."""
    found = pipeline | beam.Create([None]) | "Look around" >> beam.Map(find_process)
    assert_that(found, equal_to([os.getpid()]))


def small(pipeline, *words):
    shouted = pipeline | beam.Create(words) | "Shout" >> beam.Map(shout)
    assert_that(shouted, equal_to([word.upper() for word in words]))


def slow(pipeline, mark):
    _ = pipeline | beam.Create([mark]) | "Rest" >> beam.Map(rest)


def versions(pipeline, name, expected):
    found = pipeline | beam.Create([name]) | "Import" >> beam.Map(version_of)
    assert_that(found, equal_to([expected]))


def refused(pipeline):
    _ = pipeline | TestStream().add_elements(["a"]).advance_watermark_to_infinity()


DEEDS = {"at home": at_home, "small": small, "slow": slow, "versions": versions, "refused": refused}


def run_once(deed, words, options):
    started = time.monotonic()
    outcome = {}
    result = None
    try:
        pipeline = beam.Pipeline(options=PipelineOptions(options))
        DEEDS[deed](pipeline, *words)
        result = pipeline.run()
        outcome["state"] = result.wait_until_finish()
    except Exception as error:
        outcome["error"] = str(error)
    outcome["seconds"] = time.monotonic() - started
    if result is not None:
        outcome["state"] = result.state
        outcome["messages"] = [
            message.message_response.message_text
            for message in result._messages
            if message.HasField("message_response")
        ]
        found = result.metrics().query()
        outcome["counters"] = {
            f"{one.key.step}/{one.key.metric.name}": one.committed for one in found["counters"]
        }
        outcome["lengths"] = [
            [one.committed.count, one.committed.sum, one.attempted.max]
            for one in found["distributions"]
        ]
    print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    cut = sys.argv.index("--")
    deed, *words = sys.argv[1:cut]
    times = 1
    if deed == "repeat":
        times, deed, *words = int(words[0]), *words[1:]
    for _ in range(times):
        run_once(deed, words, ["--runner=PortableRunner", *sys.argv[cut + 1 :]])
