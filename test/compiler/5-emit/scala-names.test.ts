import { expect, test } from "vitest";
import type { PhysicalPlan } from "../../../src/compiler/4-physical/physical-plan.js";
import { scalaNames } from "../../../src/compiler/5-emit/scala/scala-names.js";

function namesOf(...variables: readonly string[]): readonly string[] {
  const nodes = variables.map((variable) => ({ id: variable, variable }));
  return [...scalaNames({ nodes } as unknown as PhysicalPlan).values()];
}

test("values are named as Scala names them", () => {
  expect(namesOf("read", "group_and_sum", "map_decode_2", "n_2_by_2")).toEqual([
    "read",
    "groupAndSum",
    "mapDecode2",
    "n2By2",
  ]);
});

test("words of Scala, those that every object has, and those of Job.scala have something added", () => {
  expect(namesOf("macro", "for_some", "to_string", "count", "node", "steps3")).toEqual([
    "macroRows",
    "forSomeRows",
    "toStringRows",
    "countRows",
    "nodeRows",
    "steps3Rows",
  ]);
});

test("names are unique, whatever is called as something else is written", () => {
  const variables = [
    "group_2",
    "group2",
    "a1_b",
    "a_1_b",
    "count",
    "count_rows",
    "count_rows_rows",
    "countrows",
  ];
  const names = namesOf(...variables);
  expect(new Set(names).size).toBe(variables.length);
  expect(names[1]).toBe("group2");
  for (const name of names) expect(name).toMatch(/^[a-z]\w*$/);
});
