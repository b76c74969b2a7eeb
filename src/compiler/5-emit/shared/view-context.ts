import type { PhysicalNode, PhysicalPlan } from "../../4-physical/physical-plan.js";

/** Nodes by id, for the expressions that name another node's rows. */
export interface ViewContext {
  node(id: string): PhysicalNode;
  /** The variable that holds a node's rows. */
  variable(id: string): string;
}

/** @param variables names by the nodes' ids, where a target has others than the plan's */
export function viewContext(plan: PhysicalPlan, variables?: ReadonlyMap<string, string>): ViewContext {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  return {
    node: (id) => nodes.get(id)!,
    variable: (id) => variables?.get(id) ?? nodes.get(id)!.variable,
  };
}
