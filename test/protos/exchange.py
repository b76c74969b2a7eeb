"""Reads messages as JSON lines {type, bytes}; answers with what Beam's protobuf library writes."""

import base64
import json
import sys

from apache_beam.portability.api import (
    beam_job_api_pb2,  # noqa: F401  registers its messages
    beam_runner_api_pb2,  # noqa: F401
    metrics_pb2,  # noqa: F401
    schema_pb2,  # noqa: F401
    standard_window_fns_pb2,  # noqa: F401
)
from google.protobuf import descriptor_pool, json_format, message_factory


def answer(question):
    descriptor = descriptor_pool.Default().FindMessageTypeByName(question["type"])
    message = message_factory.GetMessageClass(descriptor)()
    message.ParseFromString(base64.b64decode(question["bytes"]))
    return {
        "bytes": base64.b64encode(message.SerializeToString(deterministic=True)).decode(),
        "json": [
            json_format.MessageToJson(message),
            json_format.MessageToJson(message, preserving_proto_field_name=True, indent=None),
            json_format.MessageToJson(message, use_integers_for_enums=True),
            json_format.MessageToJson(message, always_print_fields_with_no_presence=True),
        ],
    }


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
