import type { LaunchPlan } from "./launch-plan.js";

/** How workers are started with a Python of this machine. */
const startedHere: readonly (string | undefined)[] = [undefined, "", "auto", "process"];

/**
 * Whether a job that is no Python program itself needs a Python for its workers. In: its plan, and how workers start, if
 * somebody has said it.
 */
export function needsPython(plan: LaunchPlan, workers: string | undefined): boolean {
  return plan.pipeline.pythonVersion !== null && startedHere.includes(workers);
}
