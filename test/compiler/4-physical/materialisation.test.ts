import { expect, test } from "vitest";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { nodeNamed, planOf } from "../support/plan-of.js";

const pair = { outputs: ["kv(utf8,varint)"] };
const sink = { outputs: [] };

test("one reader: computed as it is read; no reader: run; several: kept once", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const pairs = builder.parDo("Pairs", start, pair);
  builder.parDo("Groups", builder.groupByKey("Group", pairs), sink);
  const planned = planOf(builder);
  expect(nodeNamed(planned, "stage", "Pairs").materialisation).toBe("lazy");
  expect(nodeNamed(planned, "group", "Group").materialisation).toBe("lazy");
  expect(nodeNamed(planned, "stage", "Groups").materialisation).toBe("run");
  builder.parDo("Spread", builder.reshuffle("Reshuffle", pairs), sink);
  expect(nodeNamed(planOf(builder), "stage", "Pairs").materialisation).toBe("persist");
});

test("a flatten that reads an input twice does not compute it twice", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), pair);
  builder.parDo("Sink", builder.flatten("Double", [pairs, pairs]), sink);
  const planned = planOf(builder);
  expect(nodeNamed(planned, "stage", "Pairs").materialisation).toBe("persist");
  expect(nodeNamed(planned, "union", "Double").inputs).toHaveLength(2);
});

test("what a side input and others must agree upon outlives an executor", () => {
  const builder = new PipelineBuilder();
  const made = builder.parDo("Random", builder.impulse());
  builder.parDo("Use", builder.reshuffle("Spread", made), { ...sink, sideInputs: [made] });
  const planned = planOf(builder);
  expect(nodeNamed(planned, "stage", "Random").materialisation).toBe("checkpoint");
  expect(nodeNamed(planned, "side-input", "Random").materialisation).toBe("collect");
});

test("after a reshuffle a retry sees the same elements; one impulse row is no work", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  builder.parDo("Sink", builder.reshuffle("Spread", builder.parDo("Made", start)), sink);
  builder.parDo("Other", builder.reshuffle("Again", start), sink);
  const planned = planOf(builder);
  expect(nodeNamed(planned, "spread", "Spread").materialisation).toBe("checkpoint");
  expect(nodeNamed(planned, "impulse", "Impulse").materialisation).toBe("lazy");
});

test("every step says why", () => {
  const builder = new PipelineBuilder();
  builder.parDo("Sink", builder.reshuffle("Spread", builder.impulse()), sink);
  for (const node of planOf(builder).physicalPlan.nodes) {
    expect(node.materialisationReason.length, node.id).toBeGreaterThan(5);
    expect(node.api).not.toBe("");
  }
});
