import { expect, test } from "vitest";
import { IsBounded } from "../../../src/beam/protos/types/pipeline.js";
import { planPipeline } from "../../../src/compiler/plan-pipeline.js";
import { PipelineBuilder } from "../support/pipeline-builder.js";
import { planOf } from "../support/plan-of.js";

test("with bounded PCollections alone it is a batch", () => {
  const builder = new PipelineBuilder();
  builder.parDo("Sink", builder.impulse(), { outputs: [] });
  expect(planOf(builder).plan.mode).toMatchObject({ mode: "batch", decidedBy: null });
});

test("the first unbounded PCollection in the pipeline's own order decides, and is named with its maker", () => {
  const builder = new PipelineBuilder();
  const start = builder.impulse();
  const [, clock] = builder.parDos("Z/Clock", start, { outputs: ["bytes", "bytes"] });
  const later = builder.parDo("A/Later", start);
  for (const id of [clock!, later]) {
    builder.pcollections.set(id, {
      ...(builder.pcollections.get(id) as object),
      isBounded: IsBounded.UNBOUNDED,
    });
  }
  const planned = planPipeline(builder.read(), { target: "pyspark", failOnFallback: false });
  expect(planned.ok ? [] : planned.diagnostics).toMatchObject([
    { code: "plan/streaming-unsupported", at: { transform: "Z/Clock", id: "t2" } },
  ]);
  expect(planned.ok ? "" : planned.diagnostics[0]?.why).toContain("Z/Clock.1");
});
