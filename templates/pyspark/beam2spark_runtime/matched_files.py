"""The files that a pattern of Beam's matches, and which of them Spark takes by their names."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.filesystems import FileSystems

from .errors import RuntimeFailure

_LOGGER = logging.getLogger(__name__)

_PLAIN_PATH = re.compile(r"(file://|hdfs://[A-Za-z0-9.:-]+)?(/[A-Za-z0-9._-]+)+")
_COMPRESSED = re.compile(
    r"\.(gz|gzip|bz2|deflate|zip|zst|zstd|xz|lzma|lzo|lz4|snappy|br|passthrough)$", re.IGNORECASE
)


def match_files(pattern: str) -> list[FileMetadata]:
    """The files, by Beam's own matching.

    None is legal: Beam looks for files when a read is made, and one that runs gives what it finds.
    """
    files = FileSystems.match([pattern])[0].metadata_list
    if not files:
        _LOGGER.warning("no file matches %s: nothing is read", pattern)
    return files


@contextmanager
def names_file(path: str) -> Iterator[None]:
    """While a file is read by Beam's reader: what that raises is a `RuntimeFailure`
    (`runtime/file-unreadable`) that names the file.
    """
    try:
        yield
    except Exception as error:
        message = f"{path} can't be read: {type(error).__name__}: {error}"
        raise RuntimeFailure("runtime/file-unreadable", message) from None


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
