"""State that is too large for memory, in a database file of the worker's own."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator

# Pages of the file that stay in memory, in KiB.
_CACHE_KIB = 8 << 10

_SETTINGS = ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}")


class StateFile:
    """The file. Its name is gone as soon as it is open, so that it goes with its process."""

    def __init__(self) -> None:
        handle, path = tempfile.mkstemp(prefix="beam2spark-state-")
        os.close(handle)
        try:
            self.database = sqlite3.connect(path, isolation_level=None)
            for setting in _SETTINGS:
                self.database.execute(f"PRAGMA {setting}")
            self.database.execute(
                "CREATE TABLE chunk (position INTEGER PRIMARY KEY, cell INTEGER NOT NULL,"
                " sort_key INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL)"
            )
            self.database.execute("CREATE INDEX place ON chunk (cell, sort_key, position)")
        finally:
            os.unlink(path)

    def clear(self) -> None:
        """Removes everything."""
        self.database.execute("DELETE FROM chunk")

    def close(self) -> None:
        """Gives the file's space back."""
        self.database.close()


class SpilledCell:
    """A state cell in the file: chunks of `(count, data)` with sort keys, as in memory."""

    def __init__(self, file: StateFile, number: int):
        self._database = file.database
        self._number = number

    def add_all(self, chunks: Iterable[tuple[int, tuple[int, bytes]]]) -> None:
        """Adds chunks with their sort keys, in this order."""
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO chunk (cell, sort_key, count, data) VALUES (?, ?, ?, ?)",
            ((self._number, key, count, data) for key, (count, data) in chunks),
        )
        self._database.execute("COMMIT")

    def add(self, sort_key: int, chunk: tuple[int, bytes]) -> None:
        """Adds a chunk behind those of its sort key."""
        self.add_all([(sort_key, chunk)])

    def read(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """The chunks from the sort key `start` to before `end`, read as they are asked for."""
        return self._database.execute(
            "SELECT count, data FROM chunk WHERE cell = ? AND sort_key >= ? AND sort_key < ?"
            " ORDER BY sort_key, position",
            (self._number, start, end),
        )

    def clear(self, start: int, end: int) -> int:
        """Removes the chunks from `start` to before `end`; they took no memory."""
        self._database.execute(
            "DELETE FROM chunk WHERE cell = ? AND sort_key >= ? AND sort_key < ?",
            (self._number, start, end),
        )
        return 0
