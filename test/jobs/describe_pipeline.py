"""Prints the names of a pipeline's transforms, and how many bytes it takes when written again."""

import json
import sys

from apache_beam.portability.api import beam_runner_api_pb2

pipeline = beam_runner_api_pb2.Pipeline.FromString(sys.stdin.buffer.read())
names = [transform.unique_name for transform in pipeline.components.transforms.values()]
print(json.dumps({"transforms": names, "size": pipeline.ByteSize()}))
