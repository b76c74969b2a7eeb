import { invariant } from "../../../diagnostics/invariant.js";
import type { KnownCombiner } from "../../3-plan/known-combiner.js";
import type { CombineNode, GroupTimestamp } from "../../3-plan/plan.js";
import { windowColumns } from "../columns.js";
import type { Layout, ValueLayout } from "../layout.js";
import { tellingName } from "../name-nodes.js";
import { ownEntry } from "../own-entry.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import type { FoldedCombiner } from "../physical-plan.js";
import { groupable } from "../value-layout.js";
import { inLayout } from "./transcode.js";

/** An aggregate, over values that the stage before has folded in the worker where it can. */
export function answerCombine(node: CombineNode, builder: PhysicalBuilder): void {
  const input = inLayout(node.input, wantedLayout(node, builder), builder);
  const { value } = input.layout;
  const partial = foldInStage(node, input, builder);
  const elements = node.reads === "elements" && !partial;
  const by = [elements ? "value" : "key", ...windowColumns(input.layout).map(({ name }) => name)];
  const described = builder.layoutOf(node.output);
  const layout: Layout = { ...described, value: resultLayout(node, value, described.value) };
  const id = builder.add(tellingName(node.names), () => ({
    kind: "aggregate",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: partial ? `${node.reason}; the stage before folds values of equal keys already` : node.reason,
    api: builder.api("aggregate"),
    input: input.from,
    by,
    elements,
    combiner: node.combiner,
    partial,
    valueKind: value.kind === "kv" ? value.value.kind : value.kind,
    width: node.integers?.width ?? null,
    ...(node.limit === undefined ? {} : { limit: node.limit }),
    timestamp: described.timestamp.kind === "column" ? chosen(node.timestamp) : null,
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}

/** Pairs as they lie; elements so that they may be grouped by. */
function wantedLayout(node: CombineNode, builder: PhysicalBuilder): Layout {
  const layout = builder.layoutOf(node.input);
  if (node.reads === "pairs") return layout;
  const coder = ownEntry(builder.plan.pcollections, node.input)?.coder;
  invariant(coder, node.input, "the plan does not describe it");
  return { ...layout, value: groupable(layout.value, coder) };
}

function chosen(timestamp: GroupTimestamp): "earliest" | "latest" {
  invariant(timestamp !== "end-of-window", timestamp, "the end of a window is no column");
  return timestamp;
}

/** The layout knows what a combiner makes of values where the SDK's coder says only "any Python object". */
function resultLayout(node: CombineNode, input: ValueLayout, described: ValueLayout): ValueLayout {
  if (node.reads === "elements") return { kind: "kv", key: input, value: countLayout(node, described) };
  invariant(input.kind === "kv", node.names[0]!, "a combine per key reads pairs");
  return { kind: "kv", key: input.key, value: resultOf(node, input.value) };
}

/** A count is an integer of Beam's coder, or of the coder that the SDK has for the ones that it is a sum of. */
function countLayout({ integers }: CombineNode, described: ValueLayout): ValueLayout {
  const value = described.kind === "kv" ? described.value : described;
  const encoding = integers?.encoding ?? "varint";
  if (encoding === "varint" || value.kind !== "encoded") return { kind: "varint" };
  return { kind: "coded-integer", coder: value.coder, encoding };
}

function resultOf({ combiner, integers }: CombineNode, value: ValueLayout): ValueLayout {
  switch (combiner) {
    case "count":
      return { kind: "varint" };
    case "sum":
      return integers?.width === "unbounded" ? { kind: "integer" } : value;
    case "mean":
      return { kind: integers?.width === "unbounded" ? "quotient" : "double" };
    case "min":
    case "max":
    case "ieee-sum":
    case "ieee-min":
    case "ieee-max":
      return value;
    case "largest":
    case "smallest":
      return { kind: "iterable", element: value };
  }
}

/** Lets the stage that makes the pairs in Spark's workers fold them, when nobody else reads them. @returns whether */
function foldInStage(node: CombineNode, input: Location, builder: PhysicalBuilder): boolean {
  const combine: KnownCombiner | FoldedCombiner =
    node.reads === "elements" ? "count-elements" : node.combiner;
  if (!canFold(combine) || builder.uses.get(node.input)?.length !== 1) return false;
  const maker = builder.node(input.from.node);
  if (
    maker.kind !== "stage" ||
    maker.lane !== "in-process" ||
    maker.outputs[input.from.output]?.pcollection !== node.input
  )
    return false;
  const outputs = maker.outputs.map((output, index) =>
    index === input.from.output
      ? { ...output, combine, layout: foldedLayout(output.layout, combine) }
      : output,
  );
  builder.replace(maker.id, { ...maker, outputs });
  return true;
}

/** Whether Python's workers fold values of it; the ieee ones are of other SDKs. */
function canFold(combiner: KnownCombiner | FoldedCombiner): combiner is FoldedCombiner {
  return ["sum", "count", "count-elements", "min", "max"].includes(combiner);
}

function foldedLayout(layout: Layout, combiner: FoldedCombiner): Layout {
  const { value } = layout;
  if (combiner === "count-elements")
    return { ...layout, value: { kind: "kv", key: value, value: { kind: "varint" } } };
  if (combiner !== "count" || value.kind !== "kv") return layout;
  return { ...layout, value: { ...value, value: { kind: "varint" } } };
}
