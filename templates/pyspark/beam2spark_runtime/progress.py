"""Tells what a job is doing: lines for a person, or JSON lines in the file `BEAM2SPARK_EVENTS`
names.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

from pyspark import SparkContext

from .failures import describe_error

_POLL_SECONDS = 0.5

# Beam's own file transforms report what they read and wrote as metrics of this namespace.
_LINEAGE = "lineage"


class Progress:
    """Reports the nodes of a plan as they are worked on.

    `nodes` are the entries of plan.json ({id, number, name}); a node is named by its number. Events
    go to `events`, an open file, where there is one, and to standard error for a person otherwise.
    """

    def __init__(self, nodes: Sequence[Mapping[str, Any]], events: IO[str] | None):
        self._names = {node["number"]: node["name"] for node in nodes}
        self._events = events
        self._lock = threading.Lock()

    def name_of(self, number: int | None) -> str:
        """The Beam name of a node, or nothing."""
        return self._names.get(number, "")

    @contextmanager
    def node(self, number: int | None, context: SparkContext) -> Iterator[None]:
        """While a node's Spark jobs run: names them after it, and reports start, tasks and end.

        A failure is reported with the node and raised again.
        """
        name = self.name_of(number)
        group = f"beam2spark-{number}"
        context.setJobGroup(group, f"[{number}] {name}", interruptOnCancel=True)
        self._report({"event": "node-started", "node": number}, f"[{number}] {name}")
        done = threading.Event()
        watcher = threading.Thread(
            target=self._watch,
            args=(number, group, context, done),
            name="beam2spark-progress",
            daemon=True,
        )
        watcher.start()
        try:
            yield
        except Exception as error:
            self.fail(error, number)
            raise
        finally:
            done.set()
            watcher.join()
            context.setLocalProperty("spark.jobGroup.id", None)
            context.setLocalProperty("spark.job.description", None)
        self._report({"event": "node-finished", "node": number}, None)

    def fail(self, error: BaseException, number: int | None = None) -> None:
        """Reports what the job fails with; only the first time for one error."""
        if getattr(error, "_beam2spark_reported", False):
            return
        error._beam2spark_reported = True  # type: ignore[attr-defined]
        failure = describe_error(error)
        event = {"event": "failed", "node": number, **failure}
        lines = [f"error {failure['code']}"]
        if failure["transform"]:
            lines.append(f"  at   {failure['transform']}")
        lines.append(f"  why  {failure['message']}")
        if failure["hint"]:
            lines.append(f"  hint {failure['hint']}")
        if failure["traceback"]:
            lines.append(failure["traceback"])
        self._report(event, "\n".join(lines))

    def metrics(self, metrics: Sequence[Mapping[str, Any]]) -> None:
        """Reports the user's metrics: all of them as an event, a person gets the user's own."""
        lines = [
            f"  {m['transform']}  {m['namespace']}.{m['name']} = {json.dumps(m['value'])}"
            for m in metrics
            if m["namespace"] != _LINEAGE
        ]
        text = "\n".join(["metrics", *lines]) if lines else None
        self._report({"event": "metrics", "metrics": list(metrics)}, text)

    def _watch(
        self, number: int | None, group: str, context: SparkContext, done: threading.Event
    ) -> None:
        reported = None
        while not done.wait(_POLL_SECONDS):
            counts = count_tasks(context, group)
            if counts != reported and counts[1]:
                reported = counts
                completed, total = counts
                event = {
                    "event": "node-progress",
                    "node": number,
                    "completed": completed,
                    "total": total,
                }
                self._report(event, None)

    def _report(self, event: Mapping[str, Any], line: str | None) -> None:
        with self._lock:
            if self._events is not None:
                self._events.write(json.dumps(event) + "\n")
                self._events.flush()
            elif line is not None:
                print(line, file=sys.stderr, flush=True)


def count_tasks(context: SparkContext, group: str) -> tuple[int, int]:
    """How many tasks of a job group's stages are done, and how many there are."""
    tracker = context.statusTracker()
    completed = total = 0
    for job in tracker.getJobIdsForGroup(group):
        info = tracker.getJobInfo(job)
        for stage in info.stageIds if info else ():
            stage_info = tracker.getStageInfo(stage)
            if stage_info is not None:
                completed += stage_info.numCompletedTasks
                total += stage_info.numTasks
    return completed, total


def open_events() -> IO[str] | None:
    """The events file of the environment, opened for appending, or None."""
    path = os.environ.get("BEAM2SPARK_EVENTS")
    return open(path, "a", encoding="utf-8") if path else None  # noqa: SIM115
