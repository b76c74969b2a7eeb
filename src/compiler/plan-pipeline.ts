import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { renderPlanText } from "../picture/plan-text.js";
import type { ReadPipeline } from "./1-read/read-pipeline.js";
import { buildGraph } from "./2-graph/build-graph.js";
import type { Graph } from "./2-graph/graph.js";
import type { Plan } from "./3-plan/plan.js";
import { planGraph } from "./3-plan/plan-graph.js";
import type { LaneChoice } from "./3-plan/support/lanes.js";
import type { PhysicalPlan } from "./4-physical/physical-plan.js";
import { planPhysical } from "./4-physical/plan-physical.js";
import { refuseLacks } from "./4-physical/refuse-lacks.js";
import type { Target } from "./4-physical/target.js";
import { combinersLackingOn } from "./4-physical/target-answers.js";

export interface PlanOptions {
  readonly target: Target;
  /** Any node that does not run natively is an error. */
  readonly failOnFallback: boolean;
  /** Where functions run; where it is left out, as their environments ask and the target can. */
  readonly lane?: LaneChoice;
}

/** A pipeline, planned: the logical plan, and the target's answer to it. */
export interface PlannedPipeline {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly physicalPlan: PhysicalPlan;
  /** PLAN.txt, which `explain` prints. */
  readonly planText: string;
}

/** Plans a pipeline without emitting anything: what `explain` needs. */
export function planPipeline(read: ReadPipeline, options: PlanOptions): Result<PlannedPipeline> {
  const graph = buildGraph(read);
  const planned = planGraph(graph, {
    lane: laneFor(options),
    lackingCombiners: combinersLackingOn(options.target),
  });
  if (!planned.ok) return planned;
  const plan = planned.value;
  const physicalPlan = planPhysical(plan, graph, read.name, options.target);
  const collector = createCollector();
  collector.add(planned.warnings);
  refuseLacks(physicalPlan, collector);
  if (options.failOnFallback) {
    for (const node of physicalPlan.nodes) {
      if (node.lane === "native") continue;
      collector.report(
        "plan/not-native",
        { transform: node.names[0]! },
        { lane: node.lane, reason: node.reason },
      );
    }
  }
  return collector.finish(() => ({
    graph,
    plan,
    physicalPlan,
    planText: renderPlanText(physicalPlan, plan.declined),
  }));
}

/** A Scala project has no Python workers of Spark's: functions of every SDK run in workers of their own. */
function laneFor({ target, lane = "auto" }: PlanOptions): LaneChoice {
  return target === "scala" && lane === "auto" ? "fn-api" : lane;
}
