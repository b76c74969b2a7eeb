"""How a worker's process was before its first job, and how it becomes so again.

Spark gives a process that one job has used to the next one. What the first has registered with
Beam, defined in `__main__` and imported from its own folders must not be there for the second.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Hashable, MutableMapping
from importlib.machinery import EXTENSION_SUFFIXES
from types import ModuleType
from typing import Any

from apache_beam.coders import registry as coder_registry
from apache_beam.typehints.schema_registry import SCHEMA_REGISTRY
from apache_beam.typehints.schemas import LogicalType

_MAIN = "__main__"

_logical_types = LogicalType._known_logical_types


class WorkerState:
    """Taken once, before the first job; `restore` leaves nothing of the jobs since.

    What a library registers when it is imported stays: it would not do so a second time.
    """

    def __init__(self) -> None:
        self._modules = frozenset(sys.modules)
        self._main = dict(vars(sys.modules[_MAIN]))
        self._tables = [(table, dict(table)) for table in _list_tables()]
        self._custom_types = list(coder_registry.custom_types)
        self._fallback_coder = coder_registry._fallback_coder

    def restore(self) -> None:
        """Takes back what was imported from the users' folders, registered and defined since."""
        self._forget_modules()
        for table, before in self._tables:
            self._restore_table(table, before)
        coder_registry.custom_types[:] = [
            kind
            for kind in coder_registry.custom_types
            if kind in self._custom_types or self._is_library(kind)
        ]
        coder_registry._fallback_coder = self._fallback_coder
        _logical_types._custom_urns.intersection_update(_logical_types.by_urn)
        self._restore_main()
        # Beam finds file systems and options among the subclasses that are still alive.
        gc.collect()

    def _forget_modules(self) -> None:
        """Drops the modules of the users' folders: their files may be others by now."""
        folders = {
            os.path.abspath(path)
            for path in os.environ.get("PYTHONPATH", "").split(os.pathsep)
            if path
        }
        late = sys.modules.keys() - self._modules
        # A compiled module can't be imported twice into one process.
        kept = self._modules | {_top_of(name) for name in late if _is_compiled(sys.modules[name])}
        stale = {
            name
            for name in {_top_of(name) for name in late} - kept
            if _folder_of(sys.modules.get(name)) in folders
        }
        for name in late:
            if _top_of(name) in stale:
                del sys.modules[name]
        importlib.invalidate_caches()

    def _restore_table(
        self, table: MutableMapping[Hashable, Any], before: dict[Hashable, Any]
    ) -> None:
        for key, value in list(table.items()):
            # Coders of classes of `__main__` are kept by names, and no library replaces Beam's own.
            is_users = table is coder_registry._coders and (isinstance(key, str) or key in before)
            if before.get(key) is not value and (is_users or not self._is_library(key, value)):
                del table[key]
        for key, value in before.items():
            table.setdefault(key, value)

    def _restore_main(self) -> None:
        names = vars(sys.modules[_MAIN])
        for name in names.keys() - self._main.keys():
            del names[name]
        names.update(self._main)

    def _is_library(self, *parts: Any) -> bool:
        """Whether an entry is that of a module that was imported since and stays."""
        kinds = [part[0] if isinstance(part, tuple) and part else part for part in parts]
        modules = {getattr(kind, "__module__", None) for kind in kinds} - {None}
        return bool(modules - self._modules) and all(
            module in sys.modules and module != _MAIN for module in modules
        )


def _list_tables() -> list[MutableMapping[Any, Any]]:
    """Where Beam keeps what the user's module registers. Of a tuple the first is the class."""
    return [
        coder_registry._coders,
        _logical_types.by_urn,
        _logical_types.by_logical_type,
        _logical_types.by_language_type,
        SCHEMA_REGISTRY.by_id,
        SCHEMA_REGISTRY.by_typing,
    ]


def _top_of(name: str) -> str:
    return name.partition(".")[0]


def _is_compiled(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and file.endswith(tuple(EXTENSION_SUFFIXES))


def _folder_of(module: ModuleType | None) -> str | None:
    """The folder that a module or package lies in; of a package in parts, its first part."""
    parts = list(getattr(module, "__path__", ()))
    place = parts[0] if parts else getattr(module, "__file__", None)
    return os.path.dirname(os.path.abspath(place)) if isinstance(place, str) else None
