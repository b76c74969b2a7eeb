import { describe, expect, test } from "vitest";
import { planPhysical } from "../../src/compiler/4-physical/plan-physical.js";
import { stageBinaries } from "../../src/compiler/4-physical/stage-binaries.js";
import { emitProject } from "../../src/compiler/5-emit/emit-project.js";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { bytesByPath, listFixtures, readFixture, testMaterials, unwrap } from "./support/compile-fixture.js";

const materials = await testMaterials();

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe("both plans are plain JSON", () => {
  test.each(listFixtures())("$name", async (fixture) => {
    const read = await readFixture(fixture);
    const { plan, graph, physicalPlan, planText } = unwrap(
      planPipeline(read, { target: "pyspark", failOnFallback: false }),
    );
    const plainPlan = throughJson(plan);
    expect(plainPlan).toEqual(plan);
    expect(planPhysical(plainPlan, graph, read.name, "pyspark")).toEqual(physicalPlan);
    const plain = throughJson(physicalPlan);
    expect(plain).toEqual(physicalPlan);
    const parts = { ...materials, planText, pipeline: read.bytes, options: "{}" };
    const stages = stageBinaries(physicalPlan, plan, graph, read);
    const again = stageBinaries(plain, plainPlan, graph, read);
    const emitted = bytesByPath(emitProject(physicalPlan, { ...parts, stages }));
    expect(bytesByPath(emitProject(plain, { ...parts, stages: again }))).toEqual(emitted);
  });
});
