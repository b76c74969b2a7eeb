"""What Beam's own protos read in stage descriptors: component bytes by id, as JSON."""

import base64
import json
import sys

from apache_beam.portability.api import beam_fn_api_pb2, beam_runner_api_pb2

KINDS = ("transforms", "pcollections", "coders", "windowing_strategies", "environments")


def describe(components):
    """The bytes of each component, unknown fields included, in base64."""
    return {
        kind: {
            key: base64.b64encode(value.SerializeToString(deterministic=True)).decode()
            for key, value in getattr(components, kind).items()
        }
        for kind in KINDS
    }


if __name__ == "__main__":
    request = json.load(sys.stdin)
    pipeline = beam_runner_api_pb2.Pipeline.FromString(base64.b64decode(request["pipeline"]))
    stages = [
        beam_fn_api_pb2.ProcessBundleDescriptor.FromString(base64.b64decode(stage))
        for stage in request["stages"]
    ]
    answer = {
        "pipeline": describe(pipeline.components),
        "stages": [describe(stage) for stage in stages],
    }
    json.dump(answer, sys.stdout)
