"""The files that a pattern of Beam's matches, and which of them Spark takes by their names."""

from __future__ import annotations

import re

from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.filesystems import FileSystems

from .errors import RuntimeFailure

_PLAIN_PATH = re.compile(r"(file://|hdfs://[A-Za-z0-9.:-]+)?(/[A-Za-z0-9._-]+)+")
_COMPRESSED = re.compile(
    r"\.(gz|gzip|bz2|deflate|zip|zst|zstd|xz|lzma|lzo|lz4|snappy|br|passthrough)$", re.IGNORECASE
)


def match_files(pattern: str) -> list[FileMetadata]:
    """The files, by Beam's own matching.

    Raises `RuntimeFailure` (`runtime/no-files`), with Beam's words, where none matches.
    """
    files = FileSystems.match([pattern])[0].metadata_list
    if not files:
        raise RuntimeFailure(
            "runtime/no-files", f"No files found based on the file pattern {pattern}"
        )
    return files


def is_plain(path: str) -> bool:
    """Whether a path means the same to Spark and to Beam: nothing that is hidden, escaped or
    compressed.
    """
    name = path.rpartition("/")[2]
    return (
        _PLAIN_PATH.fullmatch(path) is not None
        and not name.startswith(("_", "."))
        and _COMPRESSED.search(name) is None
    )
