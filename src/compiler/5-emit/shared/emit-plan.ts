import type { PhysicalNode, PhysicalPlan } from "../../4-physical/physical-plan.js";

/** The version of the form of plan.json. */
const format = 1;

/** A plan as JSON text: the physical plan whole, and for each node a `name` to show to people. */
export function planJson(plan: PhysicalPlan): string {
  const nodes = plan.nodes.map((node) => ({ ...node, name: titleOf(node) }));
  return `${JSON.stringify({ format, name: plan.pipeline.name, ...plan, nodes }, null, 2)}\n`;
}

/** Beam's names of a node on one line, cut where a stage has very many. */
export function titleOf(node: PhysicalNode): string {
  const title = node.names.join(", ");
  return title.length <= 120 ? title : `${title.slice(0, 119)}…`;
}
