import { planJson } from "../compiler/5-emit/shared/emit-plan.js";
import { type PlannedPipeline, type PlanOptions, planPipeline } from "../compiler/plan-pipeline.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { renderPlanMermaid } from "../picture/plan-mermaid.js";
import { readSource } from "./read-source.js";

const renderers = {
  text: ({ planText }: PlannedPipeline) => planText,
  json: ({ physicalPlan }: PlannedPipeline) => planJson(physicalPlan),
  mermaid: ({ physicalPlan }: PlannedPipeline) => renderPlanMermaid(physicalPlan),
};

/** Reads and plans a pipeline, and gives the plan in a format. Errors: `read/…` and `plan/…`. */
export async function explainPipeline(
  pipeline: string,
  format: keyof typeof renderers,
  options: PlanOptions,
): Promise<Result<string>> {
  const read = await readSource(pipeline);
  if (!read.ok) return read;
  const planned = planPipeline(read.value, options);
  if (!planned.ok) return planned;
  const warnings = [...read.warnings, ...planned.warnings];
  return { ok: true, value: renderers[format](planned.value), warnings };
}
