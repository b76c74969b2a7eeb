import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PhysicalNode } from "../../../src/compiler/4-physical/physical-plan.js";
import { apiOf } from "../../../src/compiler/4-physical/target-answers.js";
import { findPackageRoot } from "../../../src/package-root.js";

const kinds = {
  impulse: true,
  "read-text": true,
  "read-parquet": true,
  "read-data-source": true,
  stage: true,
  group: true,
  aggregate: true,
  union: true,
  spread: true,
  "side-input": true,
} as const satisfies Record<PhysicalNode["kind"], true>;

test("the Scala target's table says what becomes of each kind of node, and what of none", () => {
  const readme = readFileSync(join(findPackageRoot(), "templates", "scala", "README.md"), "utf8");
  const table = /^\| kind \| Beam \| Spark \|\n(.*?)\n\n/ms.exec(readme)![1]!;
  const rows = table.split("\n").map((row) => row.split(" | "));
  const said = rows.flatMap(([kind, , spark]) =>
    [...kind!.matchAll(/`([a-z-]+)`/g)].map(([, name]) => [name, !spark!.startsWith("none")] as const),
  );
  const has = Object.keys(kinds).map(
    (kind) => [kind, apiOf("scala", kind as PhysicalNode["kind"]) !== ""] as const,
  );
  expect(new Map(said)).toEqual(new Map(has));
});
