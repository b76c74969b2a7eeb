"""What Spark says of the tasks that run for a job."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

from pyspark import SparkContext

_POLL_SECONDS = 0.05


def count_tasks(context: SparkContext, group: str) -> tuple[int, int]:
    """How many tasks of a job group's stages are done, and how many there are."""
    completed = total = 0
    for stage in _list_stages(context, context.statusTracker().getJobIdsForGroup(group)):
        completed += stage.numCompletedTasks
        total += stage.numTasks
    return completed, total


def await_tasks(context: SparkContext, tag: str, seconds: float) -> None:
    """Waits until no task of the Spark jobs with a tag runs any more, but not longer than this.

    Tasks outlive a Spark job that failed or was cancelled, until their workers have noticed.
    """
    deadline = time.monotonic() + seconds
    tracker: Any = context._jsc.sc().statusTracker()
    while time.monotonic() < deadline:
        jobs = list(tracker.getJobIdsForTag(tag))
        if not any(stage.numActiveTasks for stage in _list_stages(context, jobs)):
            return
        time.sleep(_POLL_SECONDS)


def _list_stages(context: SparkContext, jobs: Iterable[int]) -> Iterator[Any]:
    tracker = context.statusTracker()
    for job in jobs:
        info = tracker.getJobInfo(job)
        for number in info.stageIds if info else ():
            stage = tracker.getStageInfo(number)
            if stage is not None:
                yield stage
