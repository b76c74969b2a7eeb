"""The coders in which workers of the Fn API host read and ask for elements.

The host reads and writes the coders that all SDKs know. Around any other, which Python may not know
either, it puts the length of what that makes.
"""

from __future__ import annotations

from apache_beam.coders.coders import BytesCoder, Coder
from apache_beam.portability.api import beam_fn_api_pb2, beam_runner_api_pb2
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
_BYTES_ID = "beam2spark_wire_bytes"


class WireCoders:
    """The coders of a stage's descriptor, as its worker is told of them.

    What the host doesn't read stays the bytes that the coder has made: `column_coder` gives them as
    they lie in an `encoded` column, and `wire_coder` takes them so.
    """

    def __init__(self, descriptor: beam_fn_api_pb2.ProcessBundleDescriptor):
        self._descriptor = descriptor
        self._own = PipelineContext(descriptor)
        changed = beam_fn_api_pb2.ProcessBundleDescriptor()
        changed.CopyFrom(descriptor)
        changed.coders[_BYTES_ID].spec.urn = urns.BYTES.urn
        for coder in changed.coders.values():
            if coder.spec.urn not in _READ_BY_HOST:
                coder.CopyFrom(_create_prefixed())
        self._wire = PipelineContext(changed)

    def column_coder(self, coder_id: str) -> Coder:
        """The coder of an `encoded` column."""
        if self._descriptor.coders[coder_id].spec.urn not in _READ_BY_HOST:
            return BytesCoder()
        return self._own.coders.get_by_id(coder_id)

    def wire_coder(self, coder_id: str) -> Coder:
        """The coder in which the worker has such elements."""
        return self._wire.coders.get_by_id(coder_id)


def _create_prefixed() -> beam_runner_api_pb2.Coder:
    return beam_runner_api_pb2.Coder(
        spec=beam_runner_api_pb2.FunctionSpec(urn=urns.LENGTH_PREFIX.urn),
        component_coder_ids=[_BYTES_ID],
    )
