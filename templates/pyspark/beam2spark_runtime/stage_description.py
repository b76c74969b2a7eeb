"""The two files of a stage: its descriptor and how its rows lie (ARCHITECTURE.md, "Stages")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apache_beam.portability.api import beam_fn_api_pb2

from .group_elements import Grouping
from .layouts import Layout, parse_layout


@dataclass(frozen=True)
class OutputDescription:
    """One output: its layout, its pre-aggregation, and the transform that makes it (for errors)."""

    layout: Layout
    combine: str | None
    transform: str


@dataclass(frozen=True)
class StageDescription:
    """A stage as it travels to the workers: its descriptor's bytes and its JSON's text."""

    descriptor_bytes: bytes
    json_text: str

    def __reduce__(self) -> tuple[Any, ...]:
        return StageDescription, (self.descriptor_bytes, self.json_text)

    @cached_property
    def descriptor(self) -> beam_fn_api_pb2.ProcessBundleDescriptor:
        """The descriptor, parsed."""
        return beam_fn_api_pb2.ProcessBundleDescriptor.FromString(self.descriptor_bytes)

    @cached_property
    def json(self) -> Mapping[str, Any]:
        """The JSON, parsed."""
        return json.loads(self.json_text)

    @property
    def name(self) -> str:
        """The stage's name in the project, such as `s02_split`."""
        return self.json["name"]

    @property
    def transforms(self) -> list[str]:
        """The full names of the Beam transforms that run in it."""
        return self.json["transforms"]

    @cached_property
    def transform_names(self) -> Mapping[str, str]:
        """The full names of the descriptor's transforms by their ids."""
        return {key: transform.unique_name for key, transform in self.descriptor.transforms.items()}

    @cached_property
    def grouping(self) -> Grouping | None:
        """How its input's rows are to be read as groups, None where they are elements."""
        grouped = self.json["input"]["grouped"]
        return None if grouped is None else Grouping(**grouped)

    @property
    def is_keyed(self) -> bool:
        """Whether its input's rows come key by key, for functions with state or timers."""
        return bool(self.json["input"].get("keyed"))

    @cached_property
    def input_layout(self) -> Layout:
        """The layout of the input's rows (of the ungrouped KV, where the input is grouped)."""
        return parse_layout(self.json["input"]["layout"])

    @cached_property
    def outputs(self) -> list[OutputDescription]:
        """The outputs, in the order of the sinks."""
        return [
            OutputDescription(
                parse_layout(output["layout"]),
                output.get("combine"),
                self._find_producer(output["pcollection"]),
            )
            for output in self.json["outputs"]
        ]

    def _find_producer(self, pcollection: str) -> str:
        for transform in self.descriptor.transforms.values():
            if pcollection in transform.outputs.values():
                return transform.unique_name
        return pcollection
