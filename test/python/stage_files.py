"""Makes stages for the tests from real Beam pipelines, as the compiler does from captured ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_fn_api_pb2, beam_runner_api_pb2
from apache_beam.runners.portability.portable_runner import PortableRunner

GLOBAL = {"kind": "global"}
INTERVAL = {"kind": "interval"}
DROPPED = {"kind": "dropped"}
COLUMN = {"kind": "column"}
UTF8 = {"kind": "utf8"}
VARINT = {"kind": "varint"}
DOUBLE = {"kind": "double"}
BYTES = {"kind": "bytes"}


def keyed(key: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """The value layout of a KV."""
    return {"kind": "kv", "key": key, "value": value}


def layout(
    value: dict[str, Any],
    timestamp: dict[str, Any] = DROPPED,
    window: dict[str, Any] = GLOBAL,
    pane: dict[str, Any] = DROPPED,
) -> dict[str, Any]:
    """A whole layout."""
    return {"value": value, "timestamp": timestamp, "window": window, "pane": pane}


def capture(build: Callable[[beam.Pipeline], Any], *arguments: str) -> beam_runner_api_pb2.Pipeline:
    """The proto of a pipeline, as a portable runner gets it."""
    options = PipelineOptions(
        [
            "--runner=PortableRunner",
            "--job_endpoint=localhost:1",
            "--environment_type=LOOPBACK",
            *arguments,
        ]
    )
    pipeline = beam.Pipeline(options=options)
    build(pipeline)
    return PortableRunner.get_proto_pipeline(pipeline, options)


@dataclass
class Output:
    """An output of a stage: which transform's which output, its layout and pre-aggregation."""

    transform: str
    layout: dict[str, Any]
    tag: str | None = None
    combine: str | None = None


@dataclass
class StageFiles:
    """Writes a stage of the named transforms (full names, in order) of a captured pipeline."""

    proto: beam_runner_api_pb2.Pipeline
    name: str
    transforms: Sequence[str]
    input_layout: dict[str, Any]
    outputs: Sequence[Output] = ()
    grouped: dict[str, str] | None = None
    keyed: bool = False
    side_inputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _find_leaf(self, name: str) -> str:
        """The id of the transform of this name, or of the one part of a composite of this name."""
        components = self.proto.components
        (key,) = (k for k, t in components.transforms.items() if t.unique_name == name)
        while components.transforms[key].subtransforms:
            (key,) = components.transforms[key].subtransforms
        return key

    def write(self, project: Path) -> str:
        """Writes both files into the project's `stages` folder; returns the stage's name."""
        components = self.proto.components
        by_name = {name: self._find_leaf(name) for name in self.transforms}
        descriptor = beam_fn_api_pb2.ProcessBundleDescriptor(id=self.name)
        for name in self.transforms:
            key = by_name[name]
            descriptor.transforms[key].CopyFrom(components.transforms[key])
        for kind in ("pcollections", "coders", "windowing_strategies", "environments"):
            target = getattr(descriptor, kind)
            for key, value in getattr(components, kind).items():
                target[key].CopyFrom(value)
        sides = {
            components.transforms[by_name[transform]].inputs[tag]: value
            for (transform, tag), value in self.side_inputs.items()
            if tag in components.transforms[by_name[transform]].inputs
        }
        first = components.transforms[by_name[self.transforms[0]]]
        (main_input,) = (p for p in first.inputs.values() if p not in sides)
        source = descriptor.transforms["beam2spark_source"]
        source.unique_name = "beam2spark_source"
        source.spec.urn = "beam2spark:transform:source:v1"
        source.outputs["out"] = main_input
        outputs = []
        for index, output in enumerate(self.outputs):
            producer = components.transforms[by_name[output.transform]]
            tag = output.tag or next(iter(producer.outputs))
            sink = descriptor.transforms[f"beam2spark_sink_{index}"]
            sink.unique_name = f"beam2spark_sink_{index}"
            sink.spec.urn = "beam2spark:transform:sink:v1"
            sink.inputs["in"] = producer.outputs[tag]
            outputs.append(
                {
                    "pcollection": producer.outputs[tag],
                    "layout": output.layout,
                    "combine": output.combine,
                }
            )
        stages = project / "stages"
        stages.mkdir(parents=True, exist_ok=True)
        (stages / f"{self.name}.pb").write_bytes(descriptor.SerializeToString(deterministic=True))
        document = {
            "name": self.name,
            "transforms": list(self.transforms),
            "input": {
                "pcollection": main_input,
                "layout": self.input_layout,
                "grouped": self.grouped,
                "keyed": self.keyed,
            },
            "outputs": outputs,
            "sideInputs": [{"pcollection": p, "layout": value} for p, value in sides.items()],
        }
        (stages / f"{self.name}.json").write_text(json.dumps(document))
        return self.name


def encoded(coder: str) -> dict[str, Any]:
    """The layout of a coder's bytes."""
    return {"kind": "encoded", "coder": coder}


def expand_splittable(
    proto: beam_runner_api_pb2.Pipeline, name: str
) -> beam_runner_api_pb2.Pipeline:
    """The pipeline with a splittable ParDo in its three parts, as a runner expands it.

    Adds `NAME/Pair`, `NAME/Split` and `NAME/Process`, and the coders "restricted" and "sized".
    """
    components = proto.components
    (par_do,) = (
        t for t in components.transforms.values() if t.unique_name == name and t.spec.payload
    )
    payload = beam_runner_api_pb2.ParDoPayload.FromString(par_do.spec.payload)
    (source,) = par_do.inputs.values()
    element = components.pcollections[source]
    for coder, urn, parts in [
        ("restricted", "beam:coder:kv:v1", [element.coder_id, payload.restriction_coder_id]),
        ("size", "beam:coder:double:v1", []),
        ("sized", "beam:coder:kv:v1", ["restricted", "size"]),
    ]:
        components.coders[coder].spec.urn = urn
        components.coders[coder].component_coder_ids.extend(parts)
    for coder in ("restricted", "sized"):
        components.pcollections[coder].CopyFrom(element)
        components.pcollections[coder].unique_name = coder
        components.pcollections[coder].coder_id = coder
    for part, urn, start, end in [
        ("Pair", "beam:transform:sdf_pair_with_restriction:v1", source, "restricted"),
        ("Split", "beam:transform:sdf_split_and_size_restrictions:v1", "restricted", "sized"),
        ("Process", "beam:transform:sdf_process_sized_element_and_restrictions:v1", "sized", None),
    ]:
        transform = components.transforms[f"{name}/{part}"]
        transform.CopyFrom(par_do)
        transform.unique_name = f"{name}/{part}"
        transform.spec.urn = urn
        (tag,) = par_do.inputs
        transform.inputs[tag] = start
        if end is not None:
            transform.outputs.clear()
            transform.outputs["out"] = end
    return proto
