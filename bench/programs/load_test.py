"""Runs one of Beam's load tests; prints what its functions have counted as a line of JSON.

python load_test.py pardo_test ParDoTest --test-pipeline-options="--runner=… --input_options=…"
"""

import importlib
import json
import sys


def list_metrics(result):
    """Names and numbers of what the test's functions have counted; of a distribution, its count.

    Steps are left out, whose names are ids on Beam's Spark job server, and so are that server's own
    metrics, whose names are URNs.
    """
    metrics = result.metrics().query()
    counted = [(one.key.metric.name, one.result) for one in metrics["counters"]]
    counted += [(one.key.metric.name, one.result.count) for one in metrics["distributions"]]
    return sorted((name, number) for name, number in counted if ":" not in name)


def main():
    """Runs the test that the arguments name."""
    module, name, *sys.argv[1:] = sys.argv[1:]
    test = getattr(importlib.import_module(f"apache_beam.testing.load_tests.{module}"), name)()
    test.run()
    print(json.dumps(list_metrics(test.result)))


if __name__ == "__main__":
    main()
