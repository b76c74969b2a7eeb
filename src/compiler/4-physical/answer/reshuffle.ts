import type { ReshuffleNode } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import { inLayout } from "./transcode.js";

/** Rows to other tasks, in the layout that the reader wants, so that differing coders are transcoded on the way. */
export function answerReshuffle(node: ReshuffleNode, builder: PhysicalBuilder): void {
  const wanted = builder.layoutOf(node.output);
  const input = inLayout(
    node.input,
    { ...builder.locationOf(node.input).layout, value: wanted.value },
    builder,
  );
  const layout = { ...input.layout, value: wanted.value };
  const id = builder.add(node.names[0]!, () => ({
    kind: "spread",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: "DataFrame.repartition(n)",
    input: input.from,
    stable: node.stable,
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locate(node.output, {
    from: { node: id, output: 0 },
    layout,
    pcollection: node.output,
    grouped: false,
  });
}
