import { invariant } from "../../diagnostics/invariant.js";
import type { Graph } from "../2-graph/graph.js";
import type { Plan, PlanNode, PlanPCollection } from "../3-plan/plan.js";
import type { Layout, ValueLayout } from "./layout.js";
import { ownEntry } from "./own-entry.js";
import type { Use } from "./plan-shape.js";
import { type CoderShape, groupable, valueLayoutOf, withGroupableKey } from "./value-layout.js";

/** Looks a coder up among the pipeline's and those that the plan added. */
export function coderLookup(plan: Plan, graph: Graph): (id: string) => CoderShape | undefined {
  return (id) => ownEntry(plan.added.coders, id) ?? graph.coders.get(id);
}

/**
 * The layout that each PCollection's readers want. A PCollection that only a flatten or a reshuffle reads takes the
 * layout of what that makes, so that a stage writes it in the first place and nothing is transcoded on the way.
 */
export function chooseLayouts(
  plan: Plan,
  graph: Graph,
  uses: ReadonlyMap<string, readonly Use[]>,
): ReadonlyMap<string, Layout> {
  const coders = coderLookup(plan, graph);
  const layouts = new Map<string, Layout>();
  const choose = (id: string, fixed: ValueLayout | null): void => {
    const pcollection = ownEntry(plan.pcollections, id);
    invariant(pcollection, id, "the plan does not describe it");
    const readers = uses.get(id) ?? [];
    const own = valueLayoutOf(pcollection.coder, coders);
    const grouped = readers.some(readsByKey);
    const keyCoder = coders(pcollection.coder)?.components[0];
    const [reader, another] = readers;
    let value = grouped && keyCoder !== undefined ? withGroupableKey(own, keyCoder) : own;
    if (!grouped && readers.some(countsElements)) value = groupable(own, pcollection.coder);
    if (another === undefined && (reader?.node.kind === "flatten" || reader?.node.kind === "reshuffle")) {
      const made = layouts.get(reader.node.output);
      invariant(made, reader.node.output, "its layout is chosen before that of its inputs");
      value = made.value;
    }
    value = withIntegers(value, readers);
    const windowCoder = graph.windowings.get(pcollection.windowing)?.windowCoderId;
    invariant(windowCoder, id, "its windowing strategy was not checked when read");
    layouts.set(id, { value: fixed ?? value, ...metadataLayout(pcollection, windowCoder) });
  };
  for (const node of [...plan.nodes].reverse()) {
    const outputs = node.kind === "stage" ? node.outputs : [node.output];
    for (const output of outputs) choose(output, valuesMadeBySpark(node));
  }
  return layouts;
}

function readsByKey({ node, as }: Use): boolean {
  if (node.kind === "stage") return as === "main" && node.keyed !== null;
  return node.kind === "group-by-key" || (node.kind === "combine" && node.reads === "pairs");
}

function countsElements({ node }: Use): boolean {
  return node.kind === "combine" && node.reads === "elements";
}

/** Integers that an aggregate reads lie as Spark has them, although their coder is an SDK's own. */
function withIntegers(value: ValueLayout, readers: readonly Use[]): ValueLayout {
  if (value.kind !== "kv" || value.value.kind !== "encoded") return value;
  for (const { node } of readers) {
    if (node.kind !== "combine" || node.reads === "elements") continue;
    if (node.integers === null || node.integers.encoding === "varint") continue;
    const { encoding } = node.integers;
    return { ...value, value: { kind: "coded-integer", coder: value.value.coder, encoding } };
  }
  return value;
}

/** What Spark's own operators make without having seen a layout: it is what it is. */
function valuesMadeBySpark(node: PlanNode): ValueLayout | null {
  if (node.kind === "impulse") return { kind: "bytes" };
  if (node.kind !== "read") return null;
  switch (node.source.kind) {
    case "text":
      return { kind: "utf8" };
    case "parquet":
      return { kind: "record" };
    case "python":
      return null;
  }
}

function metadataLayout(pcollection: PlanPCollection, windowCoder: string): Omit<Layout, "value"> {
  const { timestamp, pane, read } = pcollection;
  return {
    timestamp: !read.timestamp
      ? { kind: "dropped" }
      : timestamp.kind === "varies"
        ? { kind: "column" }
        : timestamp,
    window: windowLayout(pcollection, windowCoder),
    pane: !read.pane ? { kind: "dropped" } : pane.kind === "varies" ? { kind: "column" } : pane,
  };
}

function windowLayout({ window, read }: PlanPCollection, coder: string): Layout["window"] {
  if (window === "global") return { kind: "global" };
  if (!read.window) return { kind: "dropped" };
  return window === "interval" ? { kind: "interval" } : { kind: "encoded", coder };
}
