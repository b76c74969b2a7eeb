"""Makes one file of a TypeScript program of the benchmarks."""

import os

from commands import ROOT
from peers_set_up import run_tool

REQUIRE = (
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
)


def bundle_program(source, folder):
    """The program and all that it imports as one file in a folder; gives its path."""
    name, _ = os.path.splitext(os.path.basename(source))
    target = os.path.join(folder, f"{name}.mjs")
    options = ["--bundle", "--platform=node", "--format=esm", "--target=node20.19"]
    esbuild = os.path.join(ROOT, "node_modules", ".bin", "esbuild")
    command = [esbuild, source, *options, f"--outfile={target}", f"--banner:js={REQUIRE}"]
    run_tool("the benchmark", [*command, "--log-level=error"])
    return target
