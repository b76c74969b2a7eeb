"""The coders in which workers of the Fn API host ask for keys (`worker-coders.ts`, `ofLookedUp`).

The host reads and writes the coders that all SDKs know. Around any other, which Python may not know
either, it puts the length of what that makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apache_beam.coders.coders import (
    BytesCoder,
    Coder,
    IterableCoder,
    LengthPrefixCoder,
    NullableCoder,
    TupleCoder,
)
from apache_beam.portability.api import beam_fn_api_pb2
from apache_beam.portability.common_urns import coders as urns
from apache_beam.runners.pipeline_context import PipelineContext

_READ_BY_HOST = frozenset(
    coder.urn
    for coder in (
        urns.BYTES,
        urns.STRING_UTF8,
        urns.BOOL,
        urns.VARINT,
        urns.DOUBLE,
        urns.KV,
        urns.ITERABLE,
        urns.NULLABLE,
        urns.LENGTH_PREFIX,
        urns.GLOBAL_WINDOW,
        urns.INTERVAL_WINDOW,
    )
)


class WireCoders:
    """The coders of a stage's descriptor, as its worker is told of them.

    `encoded` columns of a coder that the host doesn't know are read as the bytes that they are.
    """

    def __init__(self, descriptor: beam_fn_api_pb2.ProcessBundleDescriptor):
        self._descriptor = descriptor
        self._own = PipelineContext(descriptor).coders.get_by_id

    def column_coder(self, coder_id: str) -> Coder:
        """The coder of an `encoded` column."""
        return self._own(coder_id) if self._is_known(coder_id) else BytesCoder()

    def wire_coder(self, layout: Mapping[str, Any], declared: str) -> Coder:
        """The coder of values that lie in a layout; `declared` is the PCollection's."""
        kind = layout["kind"]
        if kind == "encoded":
            coder_id = layout["coder"]
            is_known = self._is_known(coder_id)
            return self._own(coder_id) if is_known else LengthPrefixCoder(BytesCoder())
        if not self._is_known(declared):
            return LengthPrefixCoder(self._own(declared))
        parts = self._descriptor.coders[declared].component_coder_ids
        if kind == "nullable":
            return NullableCoder(self.wire_coder(layout["value"], parts[0]))
        if kind == "iterable":
            return IterableCoder(self.wire_coder(layout["element"], parts[0]))
        if kind == "kv":
            key = self.wire_coder(layout["key"], parts[0])
            return TupleCoder([key, self.wire_coder(layout["value"], parts[1])])
        return self._own(declared)

    def _is_known(self, coder_id: str) -> bool:
        return self._descriptor.coders[coder_id].spec.urn in _READ_BY_HOST
