import { invariant } from "../../../diagnostics/invariant.js";
import type { GroupByKeyNode } from "../../3-plan/plan.js";
import { windowColumns } from "../columns.js";
import type { Layout } from "../layout.js";
import { ownEntry } from "../own-entry.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import type { SortColumn } from "../physical-plan.js";
import { readable } from "./gather.js";
import { inLayout } from "./transcode.js";

/**
 * A shuffle by key and window, sorted; the reader makes groups of adjacent rows. Windows that merge are no part of
 * what is shuffled by, and lie in the order of their starts. Where a group has the timestamp of one of its elements,
 * that one comes first.
 */
export function answerGroupByKey(node: GroupByKeyNode, builder: PhysicalBuilder): void {
  const input = withKeys(node.input, builder);
  const windows = windowColumns(input.layout).map(({ name }) => name);
  const by = node.merge === "none" ? ["key", ...windows] : ["key"];
  const windowing = ownEntry(builder.plan.pcollections, node.input)?.windowing;
  invariant(windowing, node.input, "the plan does not describe it");
  const id = builder.add(node.names[0]!, () => ({
    kind: "group",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: node.reason,
    api: builder.api("group"),
    input: input.from,
    by,
    sort: sortOf(node, windows, input.layout),
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout: input.layout }],
  }));
  builder.locate(node.output, {
    from: { node: id, output: 0 },
    layout: input.layout,
    pcollection: node.output,
    grouped: { name: node.names[0]!, merge: node.merge, timestamp: node.timestamp, windowing },
  });
}

function sortOf(node: GroupByKeyNode, windows: readonly string[], layout: Layout): readonly SortColumn[] {
  const columns = ["key", ...windows].map((name) => ({ name, descending: false }));
  const chooses = node.merge === "none" && node.timestamp !== "end-of-window";
  if (!chooses || layout.timestamp.kind !== "column") return columns;
  return [...columns, { name: "timestamp", descending: node.timestamp === "latest" }];
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
