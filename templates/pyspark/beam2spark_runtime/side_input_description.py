"""What a stage says of one of its side inputs: layout, coders, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from apache_beam.coders.coder_impl import CoderImpl
from apache_beam.coders.coders import Coder
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.portability.common_urns import primitives, sdf_components, side_inputs
from apache_beam.runners.pipeline_context import PipelineContext

from .columns import Column, create_column
from .layouts import Layout, parse_layout
from .stage_description import StageDescription
from .wire_coders import WireCoders

FindCoder = Callable[[str], Coder]

_PAR_DOS = frozenset(
    [
        primitives.PAR_DO.urn,
        *(part.urn for _, part in vars(sdf_components).items() if hasattr(part, "urn")),
    ]
)


@dataclass(frozen=True)
class SideInputDescription:
    """The `index`-th side input of a stage. It travels to the workers that store its rows."""

    stage: StageDescription
    index: int
    # Whether it is read by workers of the Fn API host, which have coders of their own.
    in_workers: bool = False

    @property
    def pcollection(self) -> str:
        """The PCollection's id in the stage's descriptor."""
        return self.stage.json["sideInputs"][self.index]["pcollection"]

    @cached_property
    def layout(self) -> Layout:
        """How its elements lie in columns."""
        return parse_layout(self.stage.json["sideInputs"][self.index]["layout"])

    @property
    def is_looked_up(self) -> bool:
        """Whether a transform of the stage reads it by key (Beam's multimap access pattern)."""
        for transform in self.stage.descriptor.transforms.values():
            tags = [tag for tag, name in transform.inputs.items() if name == self.pcollection]
            if not tags or transform.spec.urn not in _PAR_DOS:
                continue
            payload = beam_runner_api_pb2.ParDoPayload.FromString(transform.spec.payload)
            for tag in tags:
                if payload.side_inputs[tag].access_pattern.urn == side_inputs.MULTIMAP.urn:
                    return True
        return False

    def create_find_coder(self) -> FindCoder:
        """Finds the coders of the descriptor where no stage runs that has them."""
        return PipelineContext(self.stage.descriptor).coders.get_by_id

    def create_key_columns(self) -> tuple[Column, CoderImpl]:
        """The column of its keys, where it is a KV, and the coder of the bytes that they are looked
        up by.
        """
        coder_id = self.stage.descriptor.pcollections[self.pcollection].coder_id
        layout = self.layout.value["key"]
        if self.in_workers:
            wire = WireCoders(self.stage.descriptor)
            declared = self.stage.descriptor.coders[coder_id].component_coder_ids[0]
            column = create_column(layout, wire.column_coder)
            return column, wire.wire_coder(layout, declared).get_impl()
        find_coder = self.create_find_coder()
        column = create_column(layout, find_coder)
        return column, find_coder(coder_id).key_coder().get_impl()

    def window_coder(self, find_coder: FindCoder) -> CoderImpl:
        """The coder of its windows."""
        descriptor = self.stage.descriptor
        strategy = descriptor.pcollections[self.pcollection].windowing_strategy_id
        return find_coder(descriptor.windowing_strategies[strategy].window_coder_id).get_impl()

    def key_coder(self, find_coder: FindCoder) -> CoderImpl | None:
        """The coder of its keys; None where its elements are no pairs."""
        coder = find_coder(self.stage.descriptor.pcollections[self.pcollection].coder_id)
        return coder.key_coder().get_impl() if coder.is_kv_coder() else None
