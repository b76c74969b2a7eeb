"""The project's own defaults (conf/spark-defaults.conf) for a session that others have started."""

from __future__ import annotations

from pathlib import Path

from pyspark.sql import SparkSession

# All that a session can have of its own.
_PREFIX = "spark.sql."


def apply_defaults(session: SparkSession, project: Path) -> None:
    """Sets the project's defaults that the application's settings leave open."""
    path = project / "conf" / "spark-defaults.conf"
    if not path.is_file():
        return
    for line in path.read_text("utf-8").splitlines():
        name, _, value = line.strip().partition(" ")
        if name.startswith(_PREFIX) and session.conf.get(name, None) is None:
            session.conf.set(name, value.strip())
