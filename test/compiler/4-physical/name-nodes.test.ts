import { expect, test } from "vitest";
import { NodeNames, tellingName } from "../../../src/compiler/4-physical/name-nodes.js";
import { hostileTexts } from "../5-emit/hostile-text.js";

const give = (name: string): string => new NodeNames().give(name);

test("the last label that says something becomes words joined by underscores", () => {
  expect(give("Read/Read")).toBe("read");
  expect(give("Write/WriteImpl/DoOnce/Map(decode)")).toBe("map_decode");
  expect(give("GroupAndSum")).toBe("group_and_sum");
  expect(give("FlatMap(<lambda at core.py:4094>)")).toBe("flat_map_lambda");
  expect(give("Words/---")).toBe("words");
  expect(give("2 by 2")).toBe("n_2_by_2");
  expect(give("äöü")).toBe("node");
  expect(give("")).toBe("node");
  expect(give("x".repeat(100))).toBe("x".repeat(40));
});

test("words of Python, and those that job.py uses itself, get a number", () => {
  for (const word of [
    "class",
    "lambda",
    "match",
    "print",
    "job",
    "stage",
    "main",
    "F/None/exact_sum",
    "wrapping_sum",
    "Job",
  ]) {
    expect(give(word)).toMatch(/_rows$/);
  }
});

test("names are unique, also where one is called as another is numbered", () => {
  const names = new NodeNames();
  const given = ["Step", "Step", "Step 2", "step_2", "Step", "Step 3", "step"].map((name) =>
    names.give(name),
  );
  expect(given.slice(0, 2)).toEqual(["step", "step_2"]);
  expect(new Set(given).size).toBe(given.length);
});

test("whatever a transform is called, its name is an identifier", () => {
  const names = new NodeNames();
  const given = hostileTexts.map((text) => names.give(`${text}/${text}`));
  for (const name of given) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  expect(new Set(given).size).toBe(given.length);
});

test("many nodes of one name are named in linear time", () => {
  const names = new NodeNames();
  const started = process.cpuUsage();
  for (let index = 0; index < 200_000; index++) names.give("Same");
  expect(process.cpuUsage(started).user).toBeLessThan(3_000_000);
  expect(names.give("Same")).toBe("same_200001");
});

test("a stage is called as the last of its highest transforms", () => {
  expect(tellingName(["A/B/C", "Format", "Write/Inner"])).toBe("Format");
  expect(tellingName(["One", "Two", "Three/Part"])).toBe("Two");
});
