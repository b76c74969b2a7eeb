import type { GroupByKeyNode } from "../../3-plan/plan.js";
import { windowColumns } from "../columns.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { readable } from "./gather.js";
import { inLayout } from "./transcode.js";

/** A shuffle by key and window, sorted; the reader makes groups of adjacent rows. */
export function answerGroupByKey(node: GroupByKeyNode, builder: PhysicalBuilder): void {
  const input = withKeys(node.input, builder);
  const by = ["key", ...windowColumns(input.layout).map(({ name }) => name)];
  const id = builder.add(node.names[0]!, () => ({
    kind: "group",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: "DataFrame.repartition(key).sortWithinPartitions(key)",
    input: input.from,
    by,
    sort: by.map((name) => ({ name, descending: false })),
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout: input.layout }],
  }));
  builder.locate(node.output, {
    from: { node: id, output: 0 },
    layout: input.layout,
    pcollection: node.output,
    grouped: true,
  });
}

/** The pairs with keys in the layout that can be grouped by; their values may lie as they like. */
export function withKeys(pcollection: string, builder: PhysicalBuilder): Location {
  const wanted = builder.layoutOf(pcollection);
  const location = readable(pcollection, builder);
  const { value } = location.layout;
  const sameKeys =
    value.kind === "kv" &&
    wanted.value.kind === "kv" &&
    JSON.stringify(value.key) === JSON.stringify(wanted.value.key);
  return sameKeys ? location : inLayout(pcollection, wanted, builder);
}
