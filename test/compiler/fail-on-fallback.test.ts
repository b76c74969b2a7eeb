import { expect, test } from "vitest";
import { planPipeline } from "../../src/compiler/plan-pipeline.js";
import { unwrap } from "./support/compile-fixture.js";
import { PipelineBuilder } from "./support/pipeline-builder.js";

test("with --fail-on-fallback every step that does not run natively is plan/not-native", () => {
  const builder = new PipelineBuilder();
  const pairs = builder.parDo("Pairs", builder.impulse(), { outputs: ["kv(utf8,varint)"] });
  builder.parDo("Show", builder.combine("Sum", pairs, "combine-sum"), { outputs: [] });
  const read = builder.read();
  const { physicalPlan } = unwrap(planPipeline(read, { target: "pyspark", failOnFallback: false }));
  const refused = planPipeline(read, { target: "pyspark", failOnFallback: true });
  const fallbacks = physicalPlan.nodes.filter(({ lane }) => lane !== "native");
  expect(refused.ok ? [] : refused.diagnostics).toMatchObject(
    fallbacks.map(({ names }) => ({ code: "plan/not-native", at: { transform: names[0] } })),
  );
  expect(fallbacks.map(({ names }) => names)).toEqual([["Pairs"], ["Show"]]);
});

test("a pipeline of Spark operators alone passes --fail-on-fallback", () => {
  const builder = new PipelineBuilder();
  builder.flatten("Both", [builder.impulse("One"), builder.impulse("Two")]);
  expect(planPipeline(builder.read(), { target: "pyspark", failOnFallback: true }).ok).toBe(true);
});
