import { URN } from "../../../beam/urns.js";
import type { ReshuffleNode } from "../../3-plan/plan.js";
import { ownEntry } from "../own-entry.js";
import type { PhysicalBuilder } from "../physical-builder.js";
import type { OutputReference } from "../physical-plan.js";
import { readable } from "./gather.js";

/**
 * Rows to other tasks, as they are. Where the output has another coder than the input, its readers know: functions
 * read the values, and a group by that coder's bytes has them transcoded first.
 */
export function answerReshuffle(node: ReshuffleNode, builder: PhysicalBuilder): void {
  const location = readable(node.input, builder);
  const { from, layout } = location;
  if (isReadAsSource(node, from, builder)) {
    builder.splits.add(node.output);
    builder.locate(node.output, location);
    return;
  }
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

/** What reads splits on a target whose data sources can run functions of any SDK. */
export const splitsApi = "DataFrameReader.format (DataSourceV2)";

/**
 * Whether rows are the splits of a source that begins with an impulse, so that the driver can hold them, and a stage
 * that processes them is all that reads them: they need no shuffle to be spread.
 */
function isReadAsSource(node: ReshuffleNode, from: OutputReference, builder: PhysicalBuilder): boolean {
  if (builder.target !== "scala" || node.stable) return false;
  const maker = builder.node(from.node);
  if (maker.kind !== "stage" || maker.outputs.length !== 1 || builder.uses.get(node.input)?.length !== 1)
    return false;
  const [use, another] = builder.uses.get(node.output) ?? [];
  if (use?.node.kind !== "stage" || use.as !== "main" || another !== undefined) return false;
  const first = ownEntry(builder.plan.added.transforms, use.node.transforms[0] ?? "");
  return (
    first?.urn === URN.processSizedElementsAndRestrictions &&
    Object.values(first.inputs).includes(node.output) &&
    builder.node(maker.input.node).kind === "impulse"
  );
}
