import { windowColumns } from "../columns.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import { withKeys } from "./group-by-key.js";

/** What an exchange is for. */
export interface ExchangeReason {
  /** What the node is named after. */
  readonly title: string;
  readonly names: readonly string[];
  readonly level: string;
  readonly reason: string;
  /** The rows of a key and window are to come in the order of their timestamps. */
  readonly sortedByTime: boolean;
}

/** A shuffle by key and window, sorted, so that the rows of one key and window are neighbours in one partition. */
export function exchangeByKey(
  pcollection: string,
  { title, names, level, reason, sortedByTime }: ExchangeReason,
  builder: PhysicalBuilder,
): Location {
  const input = withKeys(pcollection, builder);
  const by = ["key", ...windowColumns(input.layout).map(({ name }) => name)];
  const times = sortedByTime && input.layout.timestamp.kind === "column" ? ["timestamp"] : [];
  const id = builder.add(title, () => ({
    kind: "group",
    names,
    level,
    lane: "native",
    reason,
    api: builder.api("group"),
    input: input.from,
    by,
    sort: [...by, ...times].map((name) => ({ name, descending: false })),
    outputs: [{ pcollection, name: builder.nameOf(pcollection), layout: input.layout }],
  }));
  return { from: { node: id, output: 0 }, layout: input.layout, pcollection, grouped: null };
}
