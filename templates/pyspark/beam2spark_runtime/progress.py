"""Tells what a job is doing: lines for a person, or events for a program (`events.py`)."""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pyspark import SparkContext

from .cancellation import Cancellation
from .events import Events
from .failures import describe_error, find_log
from .metrics import Infos
from .shown_metrics import describe_metrics
from .spark_tasks import count_tasks

_POLL_SECONDS = 0.5


class Progress:
    """Reports the nodes of a plan as they are worked on.

    `nodes` are the entries of plan.json ({id, number, name}); a node is named by its number. Events
    go to `events` where there are any, and to standard error for a person otherwise. `scope` tells
    the job groups of several jobs of one Spark application apart, and `title` is what Spark's
    pages show in front of a node's name. `cancellation` is asked before and after each node.
    """

    def __init__(
        self,
        nodes: Sequence[Mapping[str, Any]],
        events: Events | None,
        scope: str = "beam2spark",
        title: str = "",
        cancellation: Cancellation | None = None,
    ):
        self._names = {node["number"]: node["name"] for node in nodes}
        self._events = events
        self._scope = scope
        self.title = f"{title} " if title else ""
        self._cancellation = cancellation or Cancellation()

    def name_of(self, number: int | None) -> str:
        """The Beam name of a node, or nothing."""
        return self._names.get(number, "")

    def check(self) -> None:
        """Raises `JobCancelled` once the job was asked to stop."""
        self._cancellation.check()

    @contextmanager
    def node(self, number: int | None, context: SparkContext) -> Iterator[None]:
        """While a node's Spark jobs run: names them after it, and reports start, tasks and end.

        A failure is reported with the node and raised again, unless the job was asked to stop.
        """
        self.check()
        name = self.name_of(number)
        group = f"{self._scope}-{number}"
        text = f"[{number}] {name}"
        context.setJobGroup(group, f"{self.title}{text}", interruptOnCancel=True)
        self._report({"event": "node-started", "node": number}, text)
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
            self.check()
            self.fail(error, number)
            raise
        finally:
            done.set()
            watcher.join()
            context.setLocalProperty("spark.jobGroup.id", None)
            context.setLocalProperty("spark.job.description", None)
        self._report({"event": "node-finished", "node": number}, None)
        self.check()

    def fail(self, error: BaseException, number: int | None = None) -> None:
        """Reports what the job fails with; only the first time for one error."""
        if getattr(error, "_beam2spark_reported", False):
            return
        error._beam2spark_reported = True  # type: ignore[attr-defined]
        self.messages(find_log(error))
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

    def messages(self, messages: Sequence[Mapping[str, str]]) -> None:
        """Reports what the user's functions logged; a person finds it in the workers' log."""
        for message in messages:
            self._report({"event": "message", **message}, None)

    def metrics(self, metrics: Sequence[Mapping[str, Any]], infos: Infos) -> None:
        """Reports the user's metrics: all of them as events, also as Beam's clients take them; a
        person gets the user's own.
        """
        lines = describe_metrics(metrics)
        text = "\n  ".join(["metrics", *lines]) if lines else None
        self._report({"event": "metrics", "metrics": list(metrics)}, text)
        self.monitoring_infos(infos)

    def monitoring_infos(self, infos: Infos) -> None:
        """Reports the user's metrics as Beam's clients take them."""
        encoded = [base64.b64encode(info.SerializeToString()).decode("ascii") for info in infos]
        self._report({"event": "monitoring-infos", "infos": encoded}, None)

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
        if self._events is not None:
            self._events.send(event)
        elif line is not None:
            print(line, file=sys.stderr, flush=True)
