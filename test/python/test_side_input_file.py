"""The file format of stored side inputs, without Spark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from beam2spark_runtime.key_hash import hash_key
from beam2spark_runtime.side_input_file import BLOCK_BYTES, SideInputFile, SideInputFileWriter

_SCHEMA = pa.schema([("hash", pa.int64()), ("value", pa.string())])


def _rows(hashes: list[int], values: list[str]) -> pa.RecordBatch:
    return pa.record_batch([pa.array(hashes, pa.int64()), pa.array(values)], schema=_SCHEMA)


def _write(path: Path, parts: list[tuple[bytes, list[int], list[str]]]) -> SideInputFile:
    with path.open("wb") as file:
        writer = SideInputFileWriter(file, _SCHEMA)
        for window, hashes, values in parts:
            writer.write(_rows(hashes, values), window, np.asarray(hashes))
        assert writer.finish() == file.tell()
    return SideInputFile(str(path))


def _values(blocks) -> list[str]:
    return [value for block in blocks for value in block.column("value").to_pylist()]


def test_windows_and_hashes_find_their_blocks(tmp_path: Path) -> None:
    hashes = [-(2**63), -7, -7, 0, 5, 2**63 - 1]
    file = _write(
        tmp_path / "rows",
        [(b"", hashes, list("abcdef")), (b"w", [5], ["g"]), (b"w", [5, 9], ["h", "i"])],
    )
    assert _values(file.blocks(b"")) == list("abcdef")
    assert _values(file.blocks(b"w")) == list("ghi")
    assert _values(file.blocks(b"other")) == []
    assert "f" in _values(file.blocks_with(b"", 2**63 - 1))
    assert "a" in _values(file.blocks_with(b"", -(2**63)))
    assert _values(file.blocks_with(b"w", 5)) == list("ghi")
    assert _values(file.blocks_with(b"w", 9)) == list("hi")
    assert _values(file.blocks_with(b"w", 4)) == []
    assert _values(file.blocks_with(b"w", 10)) == []
    assert _values(file.blocks_with(b"other", 5)) == []


def test_blocks_are_small_and_a_large_group_spans_them(tmp_path: Path) -> None:
    values = [f"{number:0100}" for number in range(5000)]
    hashes = [1] * 10 + [2] * 4980 + [3] * 10
    file = _write(tmp_path / "rows", [(b"", hashes, values)])
    blocks = list(file.blocks(b""))
    assert len(blocks) > 10
    assert all(block.nbytes < 2 * BLOCK_BYTES for block in blocks)
    assert _values(iter(blocks)) == values
    assert set(values[10:4990]) <= set(_values(file.blocks_with(b"", 2)))
    assert len(list(file.blocks_with(b"", 1))) == 1
    assert len(list(file.blocks_with(b"", 3))) == 1


def test_one_row_may_be_larger_than_a_block(tmp_path: Path) -> None:
    huge = "x" * (3 * BLOCK_BYTES)
    file = _write(tmp_path / "rows", [(b"", [1, 2, 3], ["a", huge, "b"])])
    assert _values(file.blocks(b"")) == ["a", huge, "b"]
    assert huge in _values(file.blocks_with(b"", 2))


def test_no_rows_are_a_file_too(tmp_path: Path) -> None:
    assert list(_write(tmp_path / "rows", []).blocks(b"")) == []


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "rows"
    _write(path, [(b"", [1], ["a"])]).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with pytest.raises(OSError, match="rows"):
        SideInputFile(str(path))


def test_hashes_are_the_same_everywhere() -> None:
    assert hash_key(b"", b"key") == hash_key(b"", b"key")
    assert hash_key(b"", b"key") != hash_key(b"w", b"key")
    assert -(2**63) <= hash_key(b"w" * 100, b"") < 2**63
    assert hash_key(b"", b"key") == -3567751758100214539
