"""What a worker process does before it unpickles a user's function: as Beam's own worker does at
start.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import os
import platform
import tempfile
from dataclasses import dataclass
from functools import cached_property

import apache_beam
from apache_beam.internal import pickler
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions, SetupOptions
from apache_beam.options.value_provider import RuntimeValueProvider
from pyspark import TaskContext

from .errors import RuntimeFailure
from .options import RuntimeOptions
from .packages import add_packages
from .shared_files import release_copies
from .split_size import set_split_size
from .thread_cache import close_threads
from .timer_slack import sleep_exactly
from .worker_log import start_logging
from .worker_state import WorkerState

_LOGGER = logging.getLogger(__name__)

# The set-up that this process has, and how it was before the first one. Spark reuses workers from
# one job to the next.
_prepared: str | None = None
_state: WorkerState | None = None


@dataclass(frozen=True)
class WorkerSetup:
    """Travels with each stage. `scope` tells the jobs of one Spark application apart;
    `pipeline_options` is JSON by plain names; `main_session` the pickled one.
    """

    scope: str
    options: RuntimeOptions
    pipeline_options: str
    main_session: bytes | None
    python_version: str | None
    sdk_version: str | None

    @cached_property
    def _digest(self) -> str:
        parts = (self.scope.encode(), self.pipeline_options.encode(), self.main_session or b"")
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def prepare(self) -> None:
        """Prepares this process, once for each job in turn, without what the last one has left.

        Raises `RuntimeFailure` where it can't run the pipeline.
        """
        global _prepared
        if _prepared == self._digest:
            return
        _prepared = None
        leave_last_job()
        check_versions(self.python_version, self.sdk_version, "this executor")
        add_packages()
        sleep_exactly()
        values = json.loads(self.pipeline_options)
        if TaskContext.get() is not None:
            start_logging(values)
        RuntimeValueProvider.set_runtime_options(values)
        options = PipelineOptions.from_dictionary(values)
        FileSystems.set_options(options)
        if self.options.parallelism is not None:
            set_split_size(self.options.parallelism)
        setup = options.view_as(SetupOptions)
        pickler.set_library(setup.pickle_library)
        if self.main_session:
            load_main_session(self.main_session)
        for plugin in setup.beam_plugins or []:
            import_plugin(plugin)
        _prepared = self._digest


def leave_last_job() -> None:
    """Makes this process as it was before its first job: its functions go, and all they need."""
    global _state
    if _state is None:
        _state = WorkerState()
        return
    close_threads()
    release_copies()
    _state.restore()


def check_versions(python_version: str | None, sdk_version: str | None, place: str) -> None:
    """Refuses a Python or a Beam SDK that isn't the one that the pipeline was made with.

    Pickled functions are only good for the same minor version of Python and the same SDK. None
    means that the pipeline doesn't say. `place` is where we are, for the message.
    """
    here = ".".join(platform.python_version_tuple()[:2])
    wanted = ".".join(python_version.split(".")[:2]) if python_version else None
    if wanted is not None and wanted != here:
        raise RuntimeFailure(
            "runtime/python-version",
            f"the pipeline was made with Python {wanted}, and {place} runs Python {here}",
            hint=f"point PYSPARK_PYTHON (and PYSPARK_DRIVER_PYTHON) at a Python {wanted}",
        )
    if sdk_version is not None and sdk_version != apache_beam.__version__:
        raise RuntimeFailure(
            "runtime/beam-version",
            f"the pipeline was made with apache-beam {sdk_version}, and {place} has "
            f"{apache_beam.__version__}",
            hint=f"pip install apache-beam=={sdk_version}",
        )


def load_main_session(session: bytes) -> None:
    """Loads what `save_main_session` saved of the user's main module into this process's."""
    with tempfile.NamedTemporaryFile(prefix="beam2spark-session-", delete=False) as file:
        file.write(session)
    try:
        pickler.load_session(file.name)
    finally:
        os.unlink(file.name)


def import_plugin(name: str) -> None:
    """Imports a module, or the module of a class, that the pipeline's `beam_plugins` names."""
    try:
        importlib.import_module(name)
    except ImportError:
        module, _, _ = name.rpartition(".")
        try:
            importlib.import_module(module or name)
        except ImportError:
            _LOGGER.warning("the pipeline's plugin %s can't be imported here", name)
