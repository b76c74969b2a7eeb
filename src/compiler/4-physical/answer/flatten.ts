import type { FlattenNode } from "../../3-plan/plan.js";
import type { Layout } from "../layout.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import type { OutputReference, UnionInput } from "../physical-plan.js";
import { unionColumns } from "../union-columns.js";
import { inLayout } from "./transcode.js";

/** Inputs of one union at most: it becomes one call, of which Java's methods hold about 5,000 arguments. */
const mostUnionInputs = 1000;

/** A union of rows of one layout; one of very many inputs is a union of unions. */
export function answerFlatten(node: FlattenNode, builder: PhysicalBuilder): void {
  const layout = builder.layoutOf(node.output);
  const located = new Map(
    [...new Set(node.inputs)].map((input) => [input, inLayout(input, layout, builder)] as const),
  );
  const inputs = node.inputs.map((input) => {
    const location = located.get(input)!;
    return { ...location.from, columns: unionColumns(location.layout, layout) };
  });
  builder.locateRows(node.output, unite(inputs, node, layout, builder), layout);
}

function unite(
  inputs: readonly UnionInput[],
  node: FlattenNode,
  layout: Layout,
  builder: PhysicalBuilder,
): OutputReference {
  if (inputs.length > mostUnionInputs) {
    const parts = Array.from({ length: Math.ceil(inputs.length / mostUnionInputs) }, (_, part) =>
      inputs.slice(part * mostUnionInputs, (part + 1) * mostUnionInputs),
    );
    const united = parts.map((part) => ({ ...unite(part, node, layout, builder), columns: null }));
    return unite(united, node, layout, builder);
  }
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
  return { node: id, output: 0 };
}
