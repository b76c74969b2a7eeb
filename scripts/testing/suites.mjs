import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, virtualEnvironment, virtualPython } from "../paths.mjs";

const nodeModule = (...path) => [process.execPath, join(root, "node_modules", ...path)];
const ruff = join(virtualEnvironment, process.platform === "win32" ? "Scripts/ruff.exe" : "bin/ruff");
const python = ["templates/pyspark", "python", "fixtures", "test", "bench"].filter((folder) =>
  existsSync(join(root, folder)),
);

/**
 * Every suite of the project, in the order in which they run; those of one phase run side by side.
 *
 * `kind` says how the tests are counted: a "check" is one test by its exit status, the others write a report (its
 * file is appended to the command).
 */
export const suites = [
  {
    name: "types",
    phase: 1,
    kind: "check",
    command: [...nodeModule("typescript", "bin", "tsc"), "--noEmit"],
  },
  {
    name: "lint",
    phase: 1,
    kind: "check",
    command: [...nodeModule("@biomejs", "biome", "bin", "biome"), "check", "."],
  },
  { name: "python lint", phase: 1, kind: "check", needsPython: true, command: [ruff, "check", ...python] },
  {
    name: "python format",
    phase: 1,
    kind: "check",
    needsPython: true,
    command: [ruff, "format", "--check", ...python],
  },
  { name: "vitest", phase: 2, kind: "vitest", command: [...nodeModule("vitest", "vitest.mjs"), "run"] },
  {
    name: "python runtime",
    phase: 3,
    kind: "pytest",
    needsPython: true,
    command: [virtualPython, "-m", "pytest", "-q", "test/python"],
  },
  {
    name: "spark",
    phase: 4,
    kind: "pytest",
    needsPython: true,
    command: [virtualPython, "-m", "pytest", "-q", "test/spark"],
  },
  {
    name: "conformance",
    phase: 5,
    kind: "conformance",
    needsPython: true,
    command: [process.execPath, join(root, "scripts", "conformance.mjs")],
  },
];
