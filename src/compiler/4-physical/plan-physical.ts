import type { Graph } from "../2-graph/graph.js";
import type { Plan } from "../3-plan/plan.js";
import { isPlainPython } from "../3-plan/support/lanes.js";
import { checkPhysicalPlan } from "./check-physical-plan.js";
import { inputReferences } from "./input-references.js";
import { PhysicalBuilder } from "./physical-builder.js";
import { physicalNodes } from "./physical-nodes.js";
import type { PhysicalNode, PhysicalPlan, PipelineFacts } from "./physical-plan.js";
import type { Target } from "./target.js";

/**
 * Answers a plan for a target in batch: for each step the lane, the exchange, the layout and the Spark API, and what
 * is computed once.
 *
 * @param name the pipeline's name, for people
 * @throws InvariantError when an invariant of the physical plan does not hold, which is a defect of ours
 */
export function planPhysical(plan: Plan, graph: Graph, name: string, target: Target): PhysicalPlan {
  const builder = new PhysicalBuilder(target, plan, graph);
  for (const node of plan.nodes) physicalNodes(node, builder);
  const physical: PhysicalPlan = {
    target,
    mode: plan.mode,
    pipeline: factsOf(builder, graph, name),
    nodes: withMaterialisation(builder.nodes),
  };
  checkPhysicalPlan(physical);
  return physical;
}

/**
 * The versions are those that Python has to have where the job runs: Spark's own workers, or, on a target without them,
 * the workers that start there as long as nobody asks for others.
 */
function factsOf({ nodes, target }: PhysicalBuilder, graph: Graph, name: string): PipelineFacts {
  for (const node of nodes) {
    if (node.kind !== "stage" || node.environment === null) continue;
    const environment = graph.environments.get(node.environment);
    if (environment === undefined) continue;
    const isHere = target === "scala" ? isPlainPython(environment) : node.lane === "in-process";
    if (!isHere) continue;
    return { name, sdkVersion: environment.sdkVersion, pythonVersion: environment.pythonVersion };
  }
  return { name, sdkVersion: null, pythonVersion: null };
}

/** Decides how often each node's rows are computed, now that all readers are known. */
function withMaterialisation(nodes: readonly PhysicalNode[]): readonly PhysicalNode[] {
  const readers = new Map<string, PhysicalNode[]>();
  for (const node of nodes) {
    for (const { node: id } of inputReferences(node)) {
      const before = readers.get(id);
      if (before === undefined) readers.set(id, [node]);
      else before.push(node);
    }
  }
  return nodes.map((node) => ({ ...node, ...materialise(node, readers.get(node.id) ?? []) }));
}

function materialise(
  node: PhysicalNode,
  readers: readonly PhysicalNode[],
): Pick<PhysicalNode, "materialisation" | "materialisationReason"> {
  if (node.kind === "side-input") {
    return {
      materialisation: "collect",
      materialisationReason: "functions read it whole, and a retry must see the same",
    };
  }
  if (readers.length === 0) {
    return {
      materialisation: "run",
      materialisationReason: "nobody reads rows of it: it runs for what it does",
    };
  }
  if (node.kind === "spread" && node.stable) {
    return {
      materialisation: "checkpoint",
      materialisationReason: "after a reshuffle a retry must see the same elements",
    };
  }
  if (readers.length === 1 || node.kind === "impulse") {
    return {
      materialisation: "lazy",
      materialisationReason: readers.length === 1 ? "one reader" : "one constant row",
    };
  }
  if (readers.some((reader) => reader.kind === "side-input")) {
    return {
      materialisation: "checkpoint",
      materialisationReason: `${readers.length} readers that must agree, a side input among them, whatever executor is lost`,
    };
  }
  return {
    materialisation: "persist",
    materialisationReason: `${readers.length} readers: Spark would compute it for each of them`,
  };
}
