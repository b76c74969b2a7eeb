"""A Beam runner that submits to beam2spark's Job service, and starts one where none is named."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from apache_beam.options.pipeline_options import PipelineOptions, SparkRunnerOptions
from apache_beam.runners.portability import job_server
from apache_beam.runners.portability.portable_runner import PortableRunner
from apache_beam.utils import subprocess_server

_COMMAND = "beam2spark"
_MASTER_FLAG = "--spark_master_url"
_UNSET_MASTER = SparkRunnerOptions([]).spark_master_url
_IN_PROJECT = Path(__file__).resolve().parents[2] / "bin" / "beam2spark.mjs"


class Beam2SparkRunner(PortableRunner):
    """Beam's portable runner with a Job service of its own.

    With `--job_endpoint` it uses the service there. Without, it starts `beam2spark serve` for as
    long as the program runs, with the program's Python and the modules beside the program; Spark's
    settings are the pipeline's own (`--spark_master_url=local[2]`, …). The environment variable
    BEAM2SPARK names the command where it isn't `beam2spark` on the PATH or this project's own.
    """

    def default_job_server(self, options: PipelineOptions) -> job_server.JobServer:
        """The service for programs that name none. Raises RuntimeError where it isn't installed."""
        return job_server.StopOnExitJobServer(Beam2SparkJobServer(find_master(options)))


class Beam2SparkJobServer(job_server.SubprocessJobServer):
    """`beam2spark serve` as a process of this one, on ports of the loopback interface.

    In: Spark's master, or None for the service's own choice.
    """

    def __init__(self, master: str | None = None) -> None:
        super().__init__()
        self._master = master

    def subprocess_cmd_and_endpoint(self) -> tuple[list[str], str]:
        """The command, and the address that it will listen on."""
        (port,) = subprocess_server.pick_port(None)
        words = [*find_command(), "serve", "--job-port", str(port), "--artifact-port", "0"]
        words += ["--python", sys.executable]
        if sys.path and sys.path[0]:
            words += ["--python-path", sys.path[0]]
        if self._master is not None:
            words += ["--spark-master-url", self._master]
        return words, f"localhost:{port}"


def find_master(options: PipelineOptions) -> str | None:
    """The master that a program's user has named, or None.

    Beam's own default looks like any other value: whether it was meant is told by the flags alone.
    """
    master = options.view_as(SparkRunnerOptions).spark_master_url
    if master != _UNSET_MASTER:
        return master
    flags = sys.argv[1:] if options._flags is None else options._flags
    is_named = any(str(flag).split("=")[0] == _MASTER_FLAG for flag in flags)
    return master if is_named else None


def find_command() -> list[str]:
    """The words that start beam2spark. Raises RuntimeError where there are none."""
    named = os.environ.get("BEAM2SPARK")
    if named:
        return shlex.split(named)
    installed = shutil.which(_COMMAND)
    if installed:
        return [installed]
    if _IN_PROJECT.is_file():
        return ["node", str(_IN_PROJECT)]
    raise RuntimeError(
        "beam2spark was not found: put it on the PATH, or name its command in the environment "
        "variable BEAM2SPARK; or start `beam2spark serve` yourself and give --job_endpoint"
    )
