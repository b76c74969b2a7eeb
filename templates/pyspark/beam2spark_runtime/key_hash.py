"""The hash by which the keys of a stored side input are spread, sorted and found."""

from __future__ import annotations

from hashlib import blake2b

_BYTES = 8


def hash_key(window: bytes, key: bytes) -> int:
    """A signed 64-bit hash of an encoded key in an encoded window: the same in every process."""
    return int.from_bytes(blake2b(key, digest_size=_BYTES, key=window[:64]).digest(), signed=True)
