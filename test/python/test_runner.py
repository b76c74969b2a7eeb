"""Beam2SparkRunner: what the service of its own is started with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

from beam2spark.runner import Beam2SparkJobServer, find_master  # noqa: E402


@pytest.mark.parametrize(
    ("flags", "master"),
    [
        ([], None),
        (["--spark_master_url=local[2]"], "local[2]"),
        # What Beam says for everybody who has said nothing.
        (["--spark_master_url=local[4]"], "local[4]"),
        (["--spark_master_url", "local[4]"], "local[4]"),
        (["--spark_master_urls=local[4]"], None),
    ],
)
def test_the_master_that_was_named(
    flags: list[str], master: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_master(PipelineOptions(flags)) == master
    monkeypatch.setattr(sys, "argv", ["program.py", *flags])
    assert find_master(PipelineOptions()) == master


def test_the_service_gets_the_master() -> None:
    words, _ = Beam2SparkJobServer("local[4]").subprocess_cmd_and_endpoint()
    assert words[words.index("--spark-master-url") + 1] == "local[4]"
    words, _ = Beam2SparkJobServer().subprocess_cmd_and_endpoint()
    assert "--spark-master-url" not in words
