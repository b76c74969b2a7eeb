import type { ReshuffleNode } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import { readable } from "./gather.js";

/**
 * Rows to other tasks, as they are. Where the output has another coder than the input, its readers know: functions
 * read the values, and a group by that coder's bytes has them transcoded first.
 */
export function answerReshuffle(node: ReshuffleNode, builder: PhysicalBuilder): void {
  const { from, layout } = readable(node.input, builder);
  const id = builder.add(node.names[0]!, () => ({
    kind: "spread",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: builder.api("spread"),
    input: from,
    stable: node.stable,
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}
