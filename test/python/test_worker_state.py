"""What is taken back between two jobs of one worker process, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import sys
from apache_beam.coders import BytesCoder, registry
from apache_beam.typehints.schema_registry import SCHEMA_REGISTRY
from apache_beam.typehints.schemas import LogicalType
from beam2spark_runtime.worker_state import WorkerState

VALUE = "before"

def run(state):
    kinds = list(registry.custom_types)
    # A session that is loaded puts its names in place of those that are there.
    session = {"Own": type("Own", (), {"__module__": "__main__"}), "VALUE": "after", "new": 1}
    globals().update(session)
    import own, own_library
    registry.register_coder(own.Kind, own.KindCoder)
    registry.register_coder(Own, own_library.KindCoder)
    registry.register_coder(str, own_library.KindCoder)
    registry.register_coder(int, own.KindCoder)
    registry.register_fallback_coder(BytesCoder())
    SCHEMA_REGISTRY.by_id["mine"] = (Own, None)
    SCHEMA_REGISTRY.by_id["library's"] = (own_library.Kind, None)
    LogicalType._known_logical_types.add("urn:own", own.Logical)
    fallback = registry._fallback_coder
    state.restore()
    assert VALUE == "before" and "new" not in globals() and "Own" not in globals()
    assert "own" not in sys.modules and "own.inner" not in sys.modules
    assert "own_library" in sys.modules
    assert registry.custom_types == [*kinds, own_library.Kind], registry.custom_types
    assert registry._coders[str].__name__ == "StrUtf8Coder"
    assert registry._coders[own_library.Kind] is own_library.KindCoder
    assert registry._coders[int].__name__ == "VarIntCoder"
    assert "Own" not in registry._coders and own.Kind not in registry._coders
    assert registry._fallback_coder is not fallback
    assert "mine" not in SCHEMA_REGISTRY.by_id and "library's" in SCHEMA_REGISTRY.by_id
    known = LogicalType._known_logical_types
    assert "urn:own" not in known.by_urn and "urn:own" not in known._custom_urns
    assert "urn:library" in known._custom_urns and "urn:library" in known.by_urn
    return True

assert run(WorkerState())
print("done")
"""

_OWN = """
from apache_beam.coders import Coder
from apache_beam.typehints.schemas import LogicalType
from own import inner
class Kind: pass
class KindCoder(Coder): pass
class Logical(LogicalType):
    @classmethod
    def language_type(cls): return Kind
"""

_LIBRARY = """
from apache_beam.coders import Coder, registry
from apache_beam.typehints.schemas import LogicalType
class Kind: pass
class KindCoder(Coder): pass
registry.register_coder(Kind, KindCoder)
class Logical(LogicalType):
    @classmethod
    def language_type(cls): return Kind
LogicalType._known_logical_types.add("urn:library", Logical)
"""


def test_a_process_is_as_before_its_first_job(tmp_path: Path) -> None:
    """Libraries stay even where they lie below the user's folder, as those of a venv do."""
    package = tmp_path / "modules" / "own"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(_OWN)
    (package / "inner.py").write_text("")
    libraries = tmp_path / "modules" / "site-packages"
    libraries.mkdir()
    (libraries / "own_library.py").write_text(_LIBRARY)
    program = tmp_path / "program.py"
    program.write_text(f"import sys\nsys.path.append({str(libraries)!r})\n{_PROGRAM}")
    path = os.pathsep.join([str(package.parent), os.environ["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert run.stdout == "done\n", run.stderr
