"""The messages of `proto/beam2spark/link.proto`.

They are defined here, and not in generated code, because generated code asks for the version of
protobuf that has generated it, and the workers have the one that their Beam wants.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "beam2spark.link.v1"
_Field = descriptor_pb2.FieldDescriptorProto

_MESSAGES = {
    "OpenStage": {
        "descriptor": (1, _Field.TYPE_BYTES),
        "stage": (2, _Field.TYPE_STRING),
        "options": (3, _Field.TYPE_STRING),
        "bundle_bytes": (4, _Field.TYPE_INT64),
        "job": (5, _Field.TYPE_STRING),
        "artifacts": (6, _Field.TYPE_STRING),
        "python": (7, _Field.TYPE_STRING),
        "python_path": (8, _Field.TYPE_STRING),
        "workers": (9, _Field.TYPE_STRING),
        "state_memory_bytes": (10, _Field.TYPE_INT64),
        "stored_group_bytes": (11, _Field.TYPE_INT64),
        "side_inputs": (12, _Field.TYPE_STRING),
        "worker_silence_seconds": (13, _Field.TYPE_INT64),
        "worker_start_seconds": (14, _Field.TYPE_INT64),
    },
    "SideInputWanted": {"index": (1, _Field.TYPE_INT32)},
    "SideInputFiles": {
        "paths": (1, _Field.TYPE_STRING),
        "buckets": (2, _Field.TYPE_INT32),
        "bucket_count": (3, _Field.TYPE_INT32),
    },
    "LogMessage": {
        "importance": (1, _Field.TYPE_STRING),
        "text": (2, _Field.TYPE_STRING),
        "transform": (3, _Field.TYPE_STRING),
        "thread": (4, _Field.TYPE_STRING),
    },
    "SharedMemory": {
        "process": (1, _Field.TYPE_INT32),
        "file_descriptor": (2, _Field.TYPE_INT32),
        "token": (3, _Field.TYPE_BYTES),
        "host_slots": (4, _Field.TYPE_INT32),
        "host_slot_bytes": (5, _Field.TYPE_INT32),
        "task_slots": (6, _Field.TYPE_INT32),
        "task_slot_bytes": (7, _Field.TYPE_INT32),
    },
    "StageDone": {"monitoring_infos": (1, _Field.TYPE_BYTES)},
    "StageFailed": {
        "code": (1, _Field.TYPE_STRING),
        "message": (2, _Field.TYPE_STRING),
        "transform": (3, _Field.TYPE_STRING),
        "hint": (4, _Field.TYPE_STRING),
        "trace": (5, _Field.TYPE_STRING),
    },
}
_REPEATED = {"monitoring_infos", "python_path", "side_inputs", "paths", "buckets"}


def describe_file() -> descriptor_pb2.FileDescriptorProto:
    """The messages as protobuf describes a file of them."""
    file = descriptor_pb2.FileDescriptorProto(
        name="beam2spark/link.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            label = _Field.LABEL_REPEATED if field in _REPEATED else _Field.LABEL_OPTIONAL
            message.field.add(name=field, number=number, type=kind, label=label)
    return file


def _create_class(name: str) -> Any:
    return message_factory.GetMessageClass(_pool.FindMessageTypeByName(f"{_PACKAGE}.{name}"))


_pool = descriptor_pool.DescriptorPool()
_pool.Add(describe_file())

OpenStage = _create_class("OpenStage")
SideInputWanted = _create_class("SideInputWanted")
SideInputFiles = _create_class("SideInputFiles")
LogMessage = _create_class("LogMessage")
SharedMemory = _create_class("SharedMemory")
StageDone = _create_class("StageDone")
StageFailed = _create_class("StageFailed")
