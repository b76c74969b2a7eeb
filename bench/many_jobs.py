"""Small jobs, one after another, through a warm Job service: how long one takes, and what stays."""

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

from commands import BENCH, ENVIRONMENT
from measure import list_tree, read_resident
from peers_services import serve_beam2spark
from table import format_table

CORES = 2
GOAL_SECONDS = 1.5
TIMED_JOBS = 20
# Jobs before anything is measured: Java compiles what it runs often.
FIRST_JOBS = 5
# Between these shares of all jobs nothing may grow by more than this factor.
MARKS = (0.25, 0.5, 0.75, 1.0)
MOST_GROWTH = 1.1


@dataclass
class Snapshot:
    """What a service and all that it started take, after so many jobs."""

    jobs: int
    processes: int
    resident: int


def take_snapshot(process, jobs):
    """The processes below the service, and their memory."""
    tree = list_tree(process)
    return Snapshot(jobs, len(tree), sum(map(read_resident, tree)))


class Client:
    """A Beam program that runs a job whenever it is told to."""

    def __init__(self, options, log):
        program = os.path.join(BENCH, "programs", "small_jobs.py")
        self._process = subprocess.Popen(
            [sys.executable, program, "--runner=PortableRunner", *options],
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def run_job(self):
        """Runs one job; gives its seconds. Raises RuntimeError where it failed."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("a small job failed; the log of the client says why")
        return float(answer)

    def close(self):
        """Ends the program."""
        self._process.stdin.close()
        self._process.wait()


def run_many_jobs(folder, jobs, report):
    """Runs the benchmark; gives its text. Fails where a job does."""
    place = os.path.join(folder, "many-jobs")
    os.makedirs(place, exist_ok=True)
    marks = {round(jobs * share) for share in MARKS}
    seconds, snapshots = [], []
    with (
        serve_beam2spark(CORES, place) as (options, process),
        open(os.path.join(place, "client.log"), "w", encoding="utf-8") as log,
    ):
        client = Client(options, log)
        for number in range(1, jobs + 1):
            seconds.append(client.run_job())
            if number in marks:
                snapshots.append(take_snapshot(process, number))
                report(f"{number} jobs, the last in {seconds[-1]:.2f} s")
        client.close()
    return format_many_jobs(seconds, snapshots)


def format_many_jobs(seconds, snapshots):
    """The median of the first jobs of a warm service, and what grew."""
    timed = seconds[FIRST_JOBS : FIRST_JOBS + TIMED_JOBS]
    median = statistics.median(timed)
    rows = [[s.jobs, s.processes, f"{s.resident / 2**20:.0f}"] for s in snapshots]
    first, last = snapshots[len(snapshots) // 2 - 1], snapshots[-1]
    growth = last.resident / first.resident
    is_flat = growth <= MOST_GROWTH and last.processes <= first.processes
    return "\n".join(
        [
            f"Create, Map and an assertion, {len(seconds)} jobs one after another, {CORES} cores",
            f"from submitting to DONE: median of {len(timed)} {median:.2f} s, "
            f"slowest {max(timed):.2f} s; of the last {len(timed)} "
            f"{statistics.median(seconds[-len(timed) :]):.2f} s",
            f"goal: at most {GOAL_SECONDS} s: {'reached' if median <= GOAL_SECONDS else 'missed'}",
            "",
            format_table(["jobs", "processes", "resident MiB"], rows),
            "",
            f"from {first.jobs} to {last.jobs} jobs: memory times {growth:.2f}, processes "
            f"{first.processes} to {last.processes}: {'flat' if is_flat else 'growing'}",
        ]
    )
