import { existsSync } from "node:fs";
import { join } from "node:path";
import { root, virtualEnvironment, virtualPython } from "../paths.mjs";

const nodeModule = (...path) => [process.execPath, join(root, "node_modules", ...path)];
const ruff = join(virtualEnvironment, process.platform === "win32" ? "Scripts/ruff.exe" : "bin/ruff");
const python = ["templates/pyspark", "python", "fixtures", "test", "bench"].filter((folder) =>
  existsSync(join(root, folder)),
);

// Half of all the work: the fixtures, in every place.
const differential = "test/spark/test_differential.py";
const differentialSuite = (place) => ({
  name: `spark ${place}`,
  phase: 2,
  kind: "pytest",
  needsPython: true,
  command: [virtualPython, "-m", "pytest", "-q", differential, "--places", place],
});
const conformance = [process.execPath, join(root, "scripts", "conformance.mjs")];

/**
 * Every suite of the project, in the order in which they start. Phases follow each other; within one, three suites run
 * side by side, and the next starts when one of them ends: what takes longest stands first.
 *
 * `kind` says how the tests are counted: a "check" is one test by its exit status, the others write a report, "counts"
 * one that says no more than how many have passed and failed (its file is appended to the command).
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
  {
    name: "python lint",
    phase: 1,
    kind: "check",
    needsPython: true,
    command: [ruff, "check", ...python],
  },
  {
    name: "python format",
    phase: 1,
    kind: "check",
    needsPython: true,
    command: [ruff, "format", "--check", ...python],
  },
  {
    name: "scala format",
    phase: 1,
    kind: "check",
    needsPython: true,
    command: [process.execPath, join(root, "scripts", "scala-format.mjs")],
  },
  {
    name: "spark commands",
    phase: 2,
    kind: "pytest",
    needsPython: true,
    command: [virtualPython, "-m", "pytest", "-q", "test/spark", `--ignore=${differential}`],
  },
  differentialSuite("local"),
  {
    name: "vitest",
    phase: 2,
    kind: "vitest",
    command: [...nodeModule("vitest", "vitest.mjs"), "run"],
  },
  differentialSuite("workers"),
  differentialSuite("cluster"),
  differentialSuite("scala"),
  {
    name: "conformance",
    phase: 2,
    kind: "counts",
    needsPython: true,
    command: [...conformance, "--lane", "in-process"],
  },
  {
    name: "conformance of workers",
    phase: 2,
    kind: "counts",
    needsPython: true,
    command: [...conformance, "--lane", "fn-api"],
  },
  {
    name: "python runtime",
    phase: 2,
    kind: "pytest",
    needsPython: true,
    command: [virtualPython, "-m", "pytest", "-q", "test/python"],
  },
  {
    name: "conformance of Scala",
    phase: 2,
    kind: "counts",
    needsPython: true,
    command: [...conformance, "--target", "scala"],
  },
  {
    name: "scala tests",
    phase: 2,
    kind: "counts",
    needsPython: true,
    command: [process.execPath, join(root, "scripts", "scala-tests.mjs")],
  },
];
