"""Prints the messages, enums, services and URNs of the installed apache_beam as JSON."""

import json

from apache_beam.portability.api.org.apache.beam.model.fn_execution.v1 import (
    beam_fn_api_pb2,
    beam_provision_api_pb2,
)
from apache_beam.portability.api.org.apache.beam.model.job_management.v1 import (
    beam_artifact_api_pb2,
    beam_job_api_pb2,
)
from apache_beam.portability.api.org.apache.beam.model.pipeline.v1 import (
    beam_runner_api_pb2,
    endpoints_pb2,
    external_transforms_pb2,
    metrics_pb2,
    schema_pb2,
    standard_window_fns_pb2,
)
from google.protobuf import descriptor_pb2

MODULES = (
    beam_fn_api_pb2,
    beam_provision_api_pb2,
    beam_artifact_api_pb2,
    beam_job_api_pb2,
    beam_runner_api_pb2,
    endpoints_pb2,
    external_transforms_pb2,
    metrics_pb2,
    schema_pb2,
    standard_window_fns_pb2,
)

TYPES = {
    number: name[len("TYPE_") :].lower()
    for name, number in descriptor_pb2.FieldDescriptorProto.Type.items()
}


def field_of(field, message, maps):
    entry = maps.get(field.type_name.rsplit(".", 1)[-1]) if field.type_name else None
    if entry is not None:
        key, value = entry.field
        type_name = f"map<{type_of(key)}, {type_of(value)}>"
    else:
        type_name = type_of(field)
    repeated = field.label == descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED and entry is None
    oneof = None
    if field.HasField("oneof_index") and not field.proto3_optional:
        oneof = message.oneof_decl[field.oneof_index].name
    label = "optional" if field.proto3_optional else "repeated" if repeated else "singular"
    return {"number": field.number, "type": type_name, "label": label, "oneof": oneof}


def type_of(field):
    return field.type_name[1:] if field.type_name else TYPES[field.type]


def main():
    messages, enums, services, urns = {}, {}, {}, set()

    def take_enum(enum, scope):
        enums[f"{scope}.{enum.name}"] = {value.name: value.number for value in enum.value}
        for value in enum.value:
            for option, content in value.options.ListFields():
                if option.name == "beam_urn":
                    urns.add(content)
                elif option.name == "monitoring_info_spec":
                    urns.add(content.urn)

    def take_message(message, scope):
        name = f"{scope}.{message.name}"
        maps = {nested.name: nested for nested in message.nested_type if nested.options.map_entry}
        messages[name] = {field.name: field_of(field, message, maps) for field in message.field}
        for nested in message.nested_type:
            if not nested.options.map_entry:
                take_message(nested, name)
        for enum in message.enum_type:
            take_enum(enum, name)

    for module in MODULES:
        file = descriptor_pb2.FileDescriptorProto()
        module.DESCRIPTOR.CopyToProto(file)
        for message in file.message_type:
            take_message(message, file.package)
        for enum in file.enum_type:
            take_enum(enum, file.package)
        for service in file.service:
            services[f"{file.package}.{service.name}"] = {
                method.name: {
                    "request": method.input_type[1:],
                    "response": method.output_type[1:],
                    "requestStream": method.client_streaming,
                    "responseStream": method.server_streaming,
                }
                for method in service.method
            }
    print(
        json.dumps(
            {"messages": messages, "enums": enums, "services": services, "urns": sorted(urns)}
        )
    )


main()
