import type { StageNode } from "../../../src/compiler/3-plan/plan.js";
import type { PhysicalNode } from "../../../src/compiler/4-physical/physical-plan.js";
import { type PlannedPipeline, planPipeline } from "../../../src/compiler/plan-pipeline.js";
import { unwrap } from "./compile-fixture.js";
import type { PipelineBuilder } from "./pipeline-builder.js";

/** Plans a pipeline that must be good. */
export function planOf(builder: PipelineBuilder): PlannedPipeline {
  return unwrap(planPipeline(builder.read(), { target: "pyspark", failOnFallback: false }));
}

/** The names of the functions of each stage of the logical plan, in its order. */
export function stagesOf({ plan }: PlannedPipeline): readonly (readonly string[])[] {
  return plan.nodes.filter((node): node is StageNode => node.kind === "stage").map(({ names }) => names);
}

/** The physical node that does something of this name; of several the first. */
export function nodeNamed<K extends PhysicalNode["kind"]>(
  { physicalPlan }: PlannedPipeline,
  kind: K,
  name: string,
): Extract<PhysicalNode, { kind: K }> {
  const found = physicalPlan.nodes.find((node) => node.kind === kind && node.names.includes(name));
  if (found === undefined) throw new Error(`no ${kind} is named ${name}`);
  return found as Extract<PhysicalNode, { kind: K }>;
}
