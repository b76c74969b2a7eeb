"""The files of an emitted project that the driver reads. Executors read none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apache_beam.runners.internal import names

from .options import RuntimeOptions, plain_pipeline_options
from .side_input_description import SideInputDescription
from .stage_description import StageDescription
from .worker_setup import WorkerSetup


class Project:
    """An emitted project's folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    @property
    def plan(self) -> Mapping[str, Any]:
        """plan.json, or an empty plan where there is none."""
        return self._read_json("plan.json")

    def read_stage(self, name: str) -> StageDescription:
        """The two files of a stage. Raises FileNotFoundError where one is missing."""
        stages = self.folder / "stages"
        descriptor = (stages / f"{name}.pb").read_bytes()
        return StageDescription(descriptor, (stages / f"{name}.json").read_text("utf-8"))

    def find_readers(self, number: int | None) -> list[SideInputDescription]:
        """What the stages say of the side input that the plan's node of this number makes."""
        nodes = self.plan.get("nodes", [])
        made = [node["id"] for node in nodes if node["number"] == number]
        return [
            SideInputDescription(
                self.read_stage(node["stage"]), index, in_workers=node.get("lane") == "fn-api"
            )
            for node in nodes
            for index, side in enumerate(node.get("sideInputs", []))
            if side["node"] in made
        ]

    def create_setup(self, options: RuntimeOptions, scope: str) -> WorkerSetup:
        """What the workers need before they can run a stage; `scope` is the run's."""
        session = self.folder / "artifacts" / names.PICKLED_MAIN_SESSION_FILE
        pipeline = self.plan.get("pipeline") or {}
        values = plain_pipeline_options(self._read_json("pipeline_options.json"))
        return WorkerSetup(
            scope=scope,
            options=options,
            pipeline_options=json.dumps(values, sort_keys=True),
            main_session=session.read_bytes() if session.is_file() else None,
            python_version=pipeline.get("pythonVersion"),
            sdk_version=pipeline.get("sdkVersion"),
        )

    def _read_json(self, name: str) -> Mapping[str, Any]:
        path = self.folder / name
        return json.loads(path.read_text("utf-8")) if path.is_file() else {}
