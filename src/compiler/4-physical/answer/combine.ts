import { invariant } from "../../../diagnostics/invariant.js";
import type { KnownCombiner } from "../../3-plan/known-combiner.js";
import type { CombineNode, GroupTimestamp } from "../../3-plan/plan.js";
import { windowColumns } from "../columns.js";
import type { Layout, ValueLayout } from "../layout.js";
import type { Location, PhysicalBuilder } from "../physical-builder.js";
import type { FoldedCombiner } from "../physical-plan.js";
import { inLayout } from "./transcode.js";

/** A Spark aggregate, over values that the stage before has folded in the worker where it can. */
export function answerCombine(node: CombineNode, builder: PhysicalBuilder): void {
  const input = inLayout(node.input, builder.layoutOf(node.input), builder);
  const { value } = input.layout;
  invariant(value.kind === "kv", node.names[0]!, "a combine per key reads pairs");
  const partial = foldInStage(node, input, builder);
  const by = ["key", ...windowColumns(input.layout).map(({ name }) => name)];
  const described = builder.layoutOf(node.output);
  const layout: Layout = {
    ...described,
    value: { kind: "kv", key: value.key, value: resultOf(node, value.value) },
  };
  const id = builder.add(node.names[0]!, () => ({
    kind: "aggregate",
    names: node.names,
    level: node.level,
    lane: "native",
    reason: partial ? `${node.reason}; the stage before folds values of equal keys already` : node.reason,
    api: builder.api("aggregate"),
    input: input.from,
    by,
    combiner: node.combiner,
    partial,
    valueKind: value.value.kind,
    width: node.integers?.width ?? null,
    timestamp: described.timestamp.kind === "column" ? chosen(node.timestamp) : null,
    outputs: [{ pcollection: node.output, name: builder.nameOf(node.output), layout }],
  }));
  builder.locateRows(node.output, { node: id, output: 0 }, layout);
}

function chosen(timestamp: GroupTimestamp): "earliest" | "latest" {
  invariant(timestamp !== "end-of-window", timestamp, "the end of a window is no column");
  return timestamp;
}

/** What a combiner makes of values: the layout knows it where the SDK's coder says only "any Python object". */
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
  }
}

/** Lets the stage that makes the pairs in Spark's workers fold them, when nobody else reads them. @returns whether */
function foldInStage(node: CombineNode, input: Location, builder: PhysicalBuilder): boolean {
  const { combiner } = node;
  if (!canFold(combiner) || builder.uses.get(node.input)?.length !== 1) return false;
  const maker = builder.node(input.from.node);
  if (
    maker.kind !== "stage" ||
    maker.lane !== "in-process" ||
    maker.outputs[input.from.output]?.pcollection !== node.input
  )
    return false;
  const outputs = maker.outputs.map((output, index) =>
    index === input.from.output
      ? { ...output, combine: combiner, layout: foldedLayout(output.layout, combiner) }
      : output,
  );
  builder.replace(maker.id, { ...maker, outputs });
  return true;
}

/** Whether Python's workers fold values of it; the ieee ones are of other SDKs. */
function canFold(combiner: KnownCombiner): combiner is FoldedCombiner {
  return combiner === "sum" || combiner === "count" || combiner === "min" || combiner === "max";
}

function foldedLayout(layout: Layout, combiner: KnownCombiner): Layout {
  if (combiner !== "count" || layout.value.kind !== "kv") return layout;
  return { ...layout, value: { ...layout.value, value: { kind: "varint" } } };
}
