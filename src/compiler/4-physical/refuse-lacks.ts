import type { Collector } from "../../diagnostics/collector.js";
import type { PhysicalNode, PhysicalPlan } from "./physical-plan.js";
import { describeLack } from "./target-answers.js";

/**
 * Reports what a plan asks for that its target lacks (`plan/not-on-target`): each reason once, at the first step
 * that it is about.
 */
export function refuseLacks(plan: PhysicalPlan, diagnostics: Collector): void {
  const lacking = new Map<string, PhysicalNode[]>();
  for (const node of plan.nodes) {
    const reason = describeLack(plan.target, node);
    if (reason !== null) lacking.set(reason, [...(lacking.get(reason) ?? []), node]);
  }
  for (const [reason, nodes] of lacking) {
    const transform = nodes[0]!.names[0]!;
    diagnostics.report(
      "plan/not-on-target",
      { transform },
      { target: plan.target, reason, steps: nodes.length },
    );
  }
}
