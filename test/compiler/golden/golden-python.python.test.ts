import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askPython, runRuff } from "../support/ask-python.js";
import { listFixtures } from "../support/compile-fixture.js";

const jobs = listFixtures().map(({ expected }) => join(expected, "job.py"));

test("every golden job.py is laid out as Python's formatter does", () => {
  expect(runRuff("format", jobs)).toBe("");
});

test("the linter has nothing to say about any golden job.py", () => {
  expect(runRuff("check", jobs)).toBe("");
});

test("every golden job.py is Python", () => {
  const shapes = askPython<string[][]>(
    "shapes",
    jobs.map((path) => readFileSync(path, "utf8")),
  );
  expect(shapes.map((nodes) => nodes[0])).toEqual(jobs.map(() => "Module"));
});
