import type { FlattenNode } from "../../3-plan/plan.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import { unionColumns } from "../union-columns.js";
import { inLayout } from "./transcode.js";

/** A union of rows of one layout. */
export function answerFlatten(node: FlattenNode, builder: PhysicalBuilder): void {
  const layout = builder.layoutOf(node.output);
  const located = new Map(
    [...new Set(node.inputs)].map((input) => [input, inLayout(input, layout, builder)] as const),
  );
  const inputs = node.inputs.map((input) => {
    const location = located.get(input)!;
    return { ...location.from, columns: unionColumns(location.layout, layout) };
  });
  const id = builder.add(node.names[0]!, () => ({
    kind: "union",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: inputs.length === 0 ? "SparkSession.createDataFrame" : builder.api("union"),
    inputs,
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}
