"""A bounded source is split for the slots there are, and never more coarsely than Beam does."""

from __future__ import annotations

import pytest
from apache_beam.io.iobase import Read, _SDFBoundedSourceRestrictionProvider
from apache_beam.testing.synthetic_pipeline import SyntheticSource
from beam2spark_runtime.split_size import choose_split_size, set_split_size

_BEAMS_RULE = Read.get_desired_chunk_size
_MEBIBYTE = 1 << 20


@pytest.mark.parametrize(
    ("total", "slots", "size"),
    [
        (None, 2, 64 * _MEBIBYTE),
        (0, 2, 64 * _MEBIBYTE),
        (1000, 2, 256 << 10),
        (16 * _MEBIBYTE, 2, 2 * _MEBIBYTE),
        (16 * _MEBIBYTE, 500, 256 << 10),
    ],
)
def test_each_slot_gets_some_splits_that_are_not_tiny(
    total: int | None, slots: int, size: int
) -> None:
    assert choose_split_size(total, slots) == size


def test_a_large_source_is_split_as_beam_splits_it() -> None:
    total = 1 << 40
    assert choose_split_size(total, 1) == _BEAMS_RULE(total)


def test_beams_restriction_provider_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Read, "get_desired_chunk_size", staticmethod(_BEAMS_RULE))
    source = SyntheticSource(
        {
            "numRecords": 80_000,
            "keySizeBytes": 10,
            "valueSizeBytes": 90,
            "bundleSizeDistribution": {"type": "const", "param": 0},
            "forceNumInitialBundles": 0,
        }
    )

    def split() -> list[int]:
        provider = _SDFBoundedSourceRestrictionProvider()
        return [
            part.weight() for part in provider.split(source, provider.initial_restriction(source))
        ]

    assert len(split()) == 3
    set_split_size(2)
    assert split() == [10_000] * 8
