"""Where the rows of a stored side input lie."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StoredRows:
    """The files of a side input, as they travel with the stages that read it.

    `paths` are in the order in which the rows are read, as Hadoop qualifies them (`file:/…`,
    `hdfs://…`). Where keys are looked up, `buckets` says which file holds the keys whose hash
    leaves this remainder by `bucket_count`; one that no key has is missing.
    """

    paths: tuple[str, ...]
    buckets: dict[int, str] | None
    bucket_count: int
