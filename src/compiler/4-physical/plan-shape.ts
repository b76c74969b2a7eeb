import type { Plan, PlanNode } from "../3-plan/plan.js";

/** One place where a PCollection is read. */
export interface Use {
  readonly node: PlanNode;
  readonly as: "main" | "side";
}

/** Every use of every PCollection, in the order of the nodes. A flatten of the same input twice uses it twice. */
export function indexUses(plan: Plan): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const use = (pcollection: string, node: PlanNode, as: Use["as"]): void => {
    const before = uses.get(pcollection);
    if (before === undefined) uses.set(pcollection, [{ node, as }]);
    else before.push({ node, as });
  };
  for (const node of plan.nodes) {
    switch (node.kind) {
      case "impulse":
      case "read":
        break;
      case "flatten":
        for (const input of node.inputs) use(input, node, "main");
        break;
      case "stage":
        use(node.input, node, "main");
        for (const pcollection of new Set(node.sideInputs.map((side) => side.pcollection)))
          use(pcollection, node, "side");
        break;
      case "group-by-key":
      case "combine":
      case "reshuffle":
        use(node.input, node, "main");
    }
  }
  return uses;
}
