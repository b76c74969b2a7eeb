"""The fixtures that are run on Spark and on Beam, and what the programs alone don't say of them."""

import os
from dataclasses import dataclass

from written_files import Output

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(ROOT, "fixtures")


@dataclass(frozen=True)
class Case:
    """One fixture."""

    name: str
    outputs: tuple[Output, ...] = ()
    # Counted functions that run once per bundle, which runners cut as they like.
    per_bundle: tuple[str, ...] = ()
    # Workers and driver of this one are its own: its pipeline sets up the worker's main module.
    own_session: bool = False
    # Options of job.py, and what to call the fixture with them.
    arguments: tuple[str, ...] = ()
    variant: str = ""

    @property
    def title(self):
        """What the case is called; several may run one fixture."""
        return f"{self.name}-{self.variant}" if self.variant else self.name

    @property
    def pipelines(self):
        """The captured pipelines: the lifted one, and the one that is not if it differs."""
        names = ("pipeline", "pipeline-unlifted")
        return [
            name
            for name in names
            if os.path.exists(os.path.join(FIXTURES, self.name, f"{name}.pb"))
        ]

    @property
    def scala_pipelines(self):
        """Those of the captured pipelines whose Job.scala differ."""
        goldens = {"pipeline": "expected-scala", "pipeline-unlifted": "expected-scala-unlifted"}
        programs = {}
        for name in self.pipelines:
            path = os.path.join(FIXTURES, self.name, goldens[name], "Job.scala")
            with open(path, encoding="utf-8") as file:
                programs.setdefault(file.read(), name)
        return list(programs.values())


STORED = {"arguments": ("--max-side-input-bytes", "0"), "variant": "stored"}

CASES = (
    Case("batched-dofns"),
    Case("bounded-source"),
    Case("bundles", per_bundle=("start_bundle", "finish_bundle")),
    Case("co-group-by-key"),
    Case("combine-with-side-inputs"),
    Case("dead-letters"),
    Case("custom-windows"),
    Case("data-frame", outputs=(Output("east.csv"),)),
    Case("empty", outputs=(Output("nothing"),)),
    Case(
        "file-read-write",
        outputs=(
            Output("one/poem"),
            Output("three/poem", header="begin", footer="end"),
            Output("many/headed", any_shards=True),
            Output("packed/lines"),
            Output("nothing/none", any_shards=True, header="only a header"),
            Output("single/all.csv"),
        ),
    ),
    Case(
        "files",
        outputs=(
            Output("stock", any_shards=True),
            Output("lines", any_shards=True),
            Output("written/none", any_shards=True),
            Output("written/some", any_shards=True),
        ),
    ),
    Case("fixed-window-combine"),
    Case("flatten"),
    Case("group-timestamps"),
    Case("group-into-batches"),
    Case("grouped-combine"),
    Case("main-session", own_session=True),
    Case("multi-output"),
    Case("number-edges"),
    Case("packed-combines"),
    Case("promises"),
    Case("quantiles-and-samples"),
    Case("redistribute"),
    Case("parquet", outputs=(Output("stock", any_shards=True),)),
    Case("reshuffle"),
    Case("resource-hints"),
    Case("schema-rows"),
    Case("sdf"),
    Case("sessions"),
    Case("sdf-resumed"),
    Case("side-input-kinds"),
    Case("side-input-kinds", **STORED),
    Case("side-inputs"),
    Case("sliding-windows"),
    Case("state-cells"),
    Case("timers"),
    Case("top-mean-distinct"),
    Case("triggers"),
    Case("user-combine-fn"),
    Case("window-parameters"),
    Case("windowed-side-inputs"),
    Case("windowed-side-inputs", **STORED),
    Case("word-count", outputs=(Output("counts"),)),
    Case("word-count-untyped", outputs=(Output("counts", any_shards=True),)),
    Case("yaml", outputs=(Output("lines", any_shards=True),)),
)
