"""How finely bounded sources are split that run as splittable functions.

Beam leaves the size of a source's splits to the runner. Its Python SDK has one rule for all, at
least a mebibyte each, which gives most sources fewer splits than a cluster has slots, and slots
that wait for the one with the last split. The rule is a static method that the SDK's restriction
provider asks in the worker. It is replaced there: the smaller of Beam's answer and a share of each
slot.
"""

from __future__ import annotations

from apache_beam.io.iobase import Read

_SPLITS_PER_SLOT = 4
_SMALLEST = 256 << 10
_beams_rule = Read.get_desired_chunk_size


def choose_split_size(total: int | None, slots: int) -> int:
    """The bytes of each split of a source of so many; None where the source doesn't know."""
    beams = _beams_rule(total)
    if not total:
        return beams
    return min(beams, max(_SMALLEST, -(-total // (_SPLITS_PER_SLOT * slots))))


def set_split_size(slots: int) -> None:
    """Lets this process split bounded sources for so many slots."""
    Read.get_desired_chunk_size = staticmethod(lambda total: choose_split_size(total, slots))
