"""Reading text: the lines that Beam's own runner reads, from files that Spark reads otherwise."""

from __future__ import annotations

import bz2
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from beam2spark_runtime import Job, text_source
from beam2spark_runtime.failures import describe_error

_CONTENTS = {
    "plain.txt": b"one\ntwo\n\nthree\n",
    "no-end.txt": b"alpha\nbeta",
    "windows.txt": b"w1\r\nw2\r\n\r\nw4\r\n",
    "lone-cr.txt": b"a\rb\r\nc\r\r\nd\n",
    "cr-at-end.txt": b"first\nlast\r",
    "only-cr.txt": b"\r",
    "_hidden.txt": b"hidden\n",
    ".dot.txt": b"dot\n",
    "bom.txt": b"\xef\xbb\xbfmark\nnext\n",
    "bom-inside.txt": b"x\n\xef\xbb\xbfinside\n",
    "zipped.txt.gz": gzip.compress(b"gz1\r\ngz2\n"),
    "zipped.txt.bz2": bz2.compress(b"bz1\nbz2"),
    "snappy.txt.snappy": b"not really snappy\n",
    "od d{1}[x],%20.txt": b"odd name\n",
    "empty.txt": b"",
    "newline.txt": b"\n",
    "separators.txt": "a\u2028b\x0bc\x0cd\x85e\n".encode(),
    "naïve.txt": "ünïcode 𝔘\n".encode(),
    "k=v/part.txt": b"folder\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of files that are easy to get wrong."""
    root = tmp_path_factory.mktemp("texts")
    for name, content in _CONTENTS.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    yield root


def _read_by_beam(pattern: str, result: Path) -> list[str]:
    def keep(line: str) -> None:
        with result.open("a") as file:
            file.write(repr(line) + "\n")

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        pipeline | beam.io.ReadFromText(pattern) | beam.Map(keep)
    return [eval(line) for line in result.read_text().splitlines()]


@pytest.mark.parametrize("pattern", ["*", "**", "*.txt", "k=v/*", "[a-n]*.txt", "w?ndows.txt"])
def test_the_same_lines_as_beam(job: Job, folder: Path, tmp_path: Path, pattern: str) -> None:
    whole = f"{folder}/{pattern}"
    expected = _read_by_beam(whole, tmp_path / "lines")
    lines = [row.value for row in job.read_text(whole).collect()]
    assert Counter(lines) == Counter(expected)
    assert len(expected) > 0


def test_lines_across_the_ends_of_ranges_are_read_once(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_source, "_RANGE_BYTES", 100)
    lines = [f"line {i} " + "x" * (i % 37) for i in range(500)]
    path = tmp_path / "_long.txt"
    path.write_bytes("\r\n".join(lines).encode())
    assert [row.value for row in job.read_text(str(path)).collect()] == lines
    frame = job.read_text(str(path))
    assert frame.rdd.getNumPartitions() > 4


def test_plain_files_are_read_by_sparks_own_source(job: Job, folder: Path) -> None:
    plan = job.read_text(f"{folder}/plain.txt")._jdf.queryExecution().toString()
    assert "FileScan text" in plan
    assert "ArrowInPandas" not in plan and "PythonMapInArrow" not in plan


def test_invalid_utf8_is_an_error_as_it_is_for_beam(job: Job, tmp_path: Path) -> None:
    contents = {
        "bad.txt": b"ok\n\xff\xfe\n",
        "_bad.txt": b"ok\n\xff\xfe\n",
        "cut_character.txt": b"\xc3\r\nok\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Exception, match="(?i)utf") as raised:
            job.read_text(str(tmp_path / name)).collect()
        described = describe_error(raised.value)
        assert described["code"] == "runtime/file-unreadable"
        assert described["traceback"] is None


def test_a_pattern_that_matches_nothing_reads_nothing_as_in_beam(job: Job, tmp_path: Path) -> None:
    assert job.read_text(f"{tmp_path}/none*").collect() == []


def test_the_number_of_partitions_is_set_for_the_run_alone(job: Job, tmp_path: Path) -> None:
    name = "spark.sql.files.minPartitionNum"
    text = tmp_path / "text"
    text.write_text("a\n" * 100)
    job.spark.conf.unset(name)
    job.read_text(str(text))
    assert int(job.spark.conf.get(name)) == 4
    job.close()
    assert job.spark.conf.get(name, None) is None
    try:
        job.spark.conf.set(name, "7")
        other = Job(job.spark, job._project, job.options, job._progress)
        other.read_text(str(text))
        assert job.spark.conf.get(name) == "7"
        other.close()
        assert job.spark.conf.get(name) == "7"
    finally:
        job.spark.conf.unset(name)
