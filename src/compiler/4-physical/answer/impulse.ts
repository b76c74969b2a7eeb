import type { ImpulseNode } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";

/** One row of empty bytes. */
export function answerImpulse(node: ImpulseNode, builder: PhysicalBuilder): void {
  const layout = builder.layoutOf(node.output);
  const id = builder.add(node.names[0]!, () => ({
    kind: "impulse",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: builder.api("impulse"),
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}
