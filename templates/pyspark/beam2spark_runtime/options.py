"""What can be set for a run: arguments of job.py, or `spark.beam2spark.*` settings, which win over
defaults.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from .errors import RuntimeFailure

_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class RuntimeOptions:
    """The options of a run. Sizes are in bytes."""

    temp_location: str | None = None
    parallelism: int | None = None
    bundle_bytes: int = 256 * _MEBIBYTE
    max_side_input_bytes: int = 64 * _MEBIBYTE
    max_stored_group_bytes: int = 128 * _MEBIBYTE
    state_memory_bytes: int = 64 * _MEBIBYTE
    host: str | None = None
    hosts: int | None = None
    workers: str = "auto"
    worker_silence_seconds: int = 60
    worker_start_seconds: int = 300
    node: str | None = None
    host_bind: str | None = None
    host_advertise: str | None = None


_HELP = {
    "temp_location": "a folder that the driver and every executor can reach (file, hdfs, s3, …)",
    "parallelism": "how many tasks work is spread over where the plan spreads it",
    "bundle_bytes": "how much input a Beam bundle takes at most",
    "max_side_input_bytes": "how large a side input may be that is sent to every executor; larger "
    "ones are stored in files and looked up there",
    "max_stored_group_bytes": "how large a group may be that is stored as one value",
    "state_memory_bytes": "how much of one key's state stays in memory before it goes to files",
    "host": "where a Fn API host listens (unix:PATH or HOST:PORT), or several, with commas "
    "between; without it the first tasks of each executor start them",
    "hosts": "how many Fn API hosts an executor has; by default one for every four of its cores",
    "workers": "how workers of SDKs start: auto, process, docker, or the address of a worker pool, "
    "HOST:PORT",
    "worker_silence_seconds": "how long a worker may answer nothing before it is taken for hung",
    "worker_start_seconds": "how long a worker may take to start, with all that is fetched and "
    "installed for it",
    "node": "the Node.js that the Fn API host runs with; by default the one in the PATH",
    "host_bind": "where a Fn API host listens for workers, HOST:PORT; by default on the loopback "
    "interface alone",
    "host_advertise": "the name under which workers on other machines reach it",
}

_TEXTS = {"temp_location", "host", "workers", "node", "host_bind", "host_advertise"}


def parse_arguments(arguments: Sequence[str]) -> tuple[RuntimeOptions, list[str]]:
    """The options given as arguments, and the arguments that aren't ours."""
    parser = argparse.ArgumentParser(prog="job.py", allow_abbrev=False)
    for field in fields(RuntimeOptions):
        flag = "--" + field.name.replace("_", "-")
        parser.add_argument(flag, type=_reader(field.name), help=_HELP[field.name])
    known, rest = parser.parse_known_args(arguments)
    given = {name: value for name, value in vars(known).items() if value is not None}
    return RuntimeOptions(**given), rest


def apply_settings(options: RuntimeOptions, find: Callable[[str], str | None]) -> RuntimeOptions:
    """The options with Spark's settings for those that were not given as arguments.

    `find` gives a setting or None; the setting of `temp_location` is
    `spark.beam2spark.tempLocation`. Raises `RuntimeFailure` (`runtime/bad-argument`) for a setting
    that isn't a whole number from 0 where one is needed.
    """
    default = RuntimeOptions()
    changed: dict[str, Any] = {}
    for field in fields(RuntimeOptions):
        setting = find(setting_name(field.name))
        if setting and getattr(options, field.name) == getattr(default, field.name):
            try:
                changed[field.name] = _reader(field.name)(setting)
            except argparse.ArgumentTypeError as wrong:
                message = f"{setting_name(field.name)} {wrong}"
                raise RuntimeFailure("runtime/bad-argument", message) from None
    return RuntimeOptions(**{**vars(options), **changed})


def setting_name(option: str) -> str:
    """Spark's name of an option."""
    first, *rest = option.split("_")
    return "spark.beam2spark." + first + "".join(part.capitalize() for part in rest)


def plain_pipeline_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Beam's pipeline options by their plain names.

    Takes the form of the job API (`beam:option:job_name:v1`) and the older `{"options": {…}}`.
    """
    if isinstance(options.get("options"), Mapping):
        return dict(options["options"])
    return {
        name.removeprefix("beam:option:").removesuffix(":v1")
        if name.startswith("beam:option:")
        else name: v
        for name, v in options.items()
    }


def _reader(option: str) -> Callable[[str], Any]:
    return str if option in _TEXTS else _read_number


def _read_number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"is to be a whole number, 0 or more, not {text}")
    return number
