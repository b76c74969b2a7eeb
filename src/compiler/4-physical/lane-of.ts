import { invariant } from "../../diagnostics/invariant.js";
import type { LaneOption, Plan, PlanNode, StageNode } from "../3-plan/plan.js";

/** The lane of a stage's functions: the first that they may take. */
export function laneOf({ names, lanes }: Pick<StageNode, "names" | "lanes">): LaneOption {
  const option = lanes.find(({ possible }) => possible);
  invariant(option, names[0]!, "functions without a lane were refused");
  return option;
}

/** What makes each PCollection of a plan. */
export function indexMakers(plan: Plan): ReadonlyMap<string, PlanNode> {
  const makers = new Map<string, PlanNode>();
  for (const node of plan.nodes) {
    for (const output of node.kind === "stage" ? node.outputs : [node.output]) makers.set(output, node);
  }
  return makers;
}

/**
 * The stage whose functions know the coders of a PCollection: what makes it, through operators that only move
 * elements, else the first stage of the plan; null where a plan has no functions.
 */
export function findKnowingStage(
  pcollection: string,
  { plan, makers }: { readonly plan: Plan; readonly makers: ReadonlyMap<string, PlanNode> },
): StageNode | null {
  const seen = new Set<string>();
  const pending = [pcollection];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const maker = makers.get(id);
    if (maker === undefined || seen.has(id)) continue;
    seen.add(id);
    if (maker.kind === "stage") return maker;
    if (maker.kind === "flatten") pending.push(...maker.inputs);
    else if ("input" in maker) pending.push(maker.input);
  }
  return plan.nodes.find((node) => node.kind === "stage") ?? null;
}
