import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Result } from "../diagnostics/diagnostic.js";

/** What a project is written in. */
export type LaunchTarget = "pyspark" | "scala";

/** What the launcher reads of a project's `plan.json`. */
export interface LaunchPlan {
  readonly target: LaunchTarget;
  readonly pipeline: {
    readonly name: string;
    readonly sdkVersion: string | null;
    readonly pythonVersion: string | null;
  };
  readonly nodes: readonly LaunchNode[];
}

export interface LaunchNode {
  readonly number: number;
  readonly names: readonly string[];
  readonly lane: string;
  readonly materialisation: string;
}

/** Materialisations that write to the temporary location, which driver and workers must share. */
const sharedMaterialisations: ReadonlySet<string> = new Set(["checkpoint"]);

/** Whether a job of this plan needs a place that driver and workers share. */
export function needsTempLocation(plan: LaunchPlan): boolean {
  return plan.nodes.some((node) => sharedMaterialisations.has(node.materialisation));
}

/** Reads a project's plan. Errors: `launch/not-a-project` when the folder holds none that can be read. */
export function readLaunchPlan(projectDirectory: string): Result<LaunchPlan> {
  try {
    const plan = JSON.parse(readFileSync(join(projectDirectory, "plan.json"), "utf8")) as Partial<LaunchPlan>;
    if (plan.pipeline === undefined || !Array.isArray(plan.nodes)) throw new Error("plan.json has no plan");
    return { ok: true, value: plan as LaunchPlan, warnings: [] };
  } catch (error) {
    const { message } = error as Error;
    const place = { path: projectDirectory };
    return { ok: false, diagnostics: [diagnose("launch/not-a-project", place, { reason: message })] };
  }
}
