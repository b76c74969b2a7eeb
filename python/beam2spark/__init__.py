"""Beam pipelines on Spark by the runner's name: `--runner=beam2spark.Beam2SparkRunner`."""

from .runner import Beam2SparkRunner

__all__ = ["Beam2SparkRunner"]
