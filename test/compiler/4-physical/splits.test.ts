import { describe, expect, test } from "vitest";
import type { PhysicalStage } from "../../../src/compiler/4-physical/physical-plan.js";
import type { Target } from "../../../src/compiler/4-physical/target.js";
import { planPipeline } from "../../../src/compiler/plan-pipeline.js";
import { listFixtures, readFixture, unwrap } from "../support/compile-fixture.js";

async function plan(name: string, target: Target) {
  const read = await readFixture(listFixtures().find((fixture) => fixture.name === name)!);
  const { physicalPlan } = unwrap(planPipeline(read, { target, failOnFallback: false, lane: "fn-api" }));
  const stages = physicalPlan.nodes.filter((node): node is PhysicalStage => node.kind === "stage");
  return {
    readers: stages.filter(({ readsSplits }) => readsSplits).map(({ names }) => names[0]),
    spreads: physicalPlan.nodes.filter(({ kind }) => kind === "spread").map(({ names }) => names[0]),
  };
}

describe("splits are the partitions of a data source", () => {
  test("where they come from an impulse, on the target that has such a source", async () => {
    const { readers, spreads } = await plan("bounded-source", "scala");
    expect(readers).toHaveLength(4);
    expect(readers.every((name) => name?.endsWith("/Process"))).toBe(true);
    expect(spreads).toEqual([]);
  });

  test("not on another target", async () => {
    const { readers, spreads } = await plan("bounded-source", "pyspark");
    expect(readers).toEqual([]);
    expect(spreads).toHaveLength(4);
  });

  test("not where they are made of a PCollection, which may be large", async () => {
    const { readers, spreads } = await plan("sdf", "scala");
    expect(readers).toEqual([]);
    expect(spreads).toContain("Numbers/Spread");
  });
});
