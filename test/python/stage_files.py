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
    grouped: bool = False
    side_inputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, project: Path) -> str:
        """Writes both files into the project's `stages` folder; returns the stage's name."""
        components = self.proto.components
        by_name = {t.unique_name: key for key, t in components.transforms.items()}
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
            },
            "outputs": outputs,
            "sideInputs": [{"pcollection": p, "layout": value} for p, value in sides.items()],
        }
        (stages / f"{self.name}.json").write_text(json.dumps(document))
        return self.name
