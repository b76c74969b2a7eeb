import { invariant } from "../../../diagnostics/invariant.js";
import type { ConstantPane, ConstantTimestamp, MetadataReads } from "../plan.js";
import type { NodeDraft } from "./fuse-stages.js";

/** What is known of a PCollection's metadata, whatever the elements are. */
export interface ProvedMetadata {
  readonly timestamp: ConstantTimestamp;
  readonly pane: ConstantPane;
  readonly read: MetadataReads;
}

/** Beam's smallest timestamp in milliseconds (`beam_runner_api.proto`, constants): an impulse's and a read's. */
export const MINIMUM_TIMESTAMP_MILLIS = "-9223372036854775";

/** The encoding of "first and last pane, unknown timing": an element that no trigger has fired. */
const NO_FIRING = "0f";

/**
 * The encoding of a group's pane in batch: first, on time, index 0. As Beam's own runner has it, it is the last one
 * too in the global window, while other windows leave that open.
 */
const FIRING = { global: "07", interval: "05" } as const;

const nothingRead: MetadataReads = { timestamp: false, window: false, pane: false };
const everythingRead: MetadataReads = { timestamp: true, window: true, pane: true };
const onlyWindowRead: MetadataReads = { timestamp: false, window: true, pane: false };

/**
 * Constants flow forward and reads flow backward over the nodes, so that a metadata column is kept only where its
 * value varies and somebody can see it. A user function may read and write all metadata.
 *
 * @param nodes in topological order
 * @param windowOf which columns the windows of a PCollection have
 */
export function proveMetadata(
  nodes: readonly NodeDraft[],
  windowOf: (pcollection: string) => "global" | "interval",
): ReadonlyMap<string, ProvedMetadata> {
  const constants = new Map<string, { timestamp: ConstantTimestamp; pane: ConstantPane }>();
  for (const node of nodes) proveConstants(node, constants, windowOf);
  const reads = new Map<string, MetadataReads>();
  const read = (pcollection: string, what: MetadataReads): void => {
    const before = reads.get(pcollection) ?? nothingRead;
    reads.set(pcollection, {
      timestamp: before.timestamp || what.timestamp,
      window: before.window || what.window,
      pane: before.pane || what.pane,
    });
  };
  for (const node of [...nodes].reverse()) collectReads(node, read, reads);
  const proved = new Map<string, ProvedMetadata>();
  for (const [pcollection, { timestamp, pane }] of constants) {
    proved.set(pcollection, { timestamp, pane, read: reads.get(pcollection) ?? nothingRead });
  }
  return proved;
}

function proveConstants(
  node: NodeDraft,
  constants: Map<string, { timestamp: ConstantTimestamp; pane: ConstantPane }>,
  windowOf: (pcollection: string) => "global" | "interval",
): void {
  switch (node.kind) {
    case "impulse":
    case "read":
      constants.set(node.output, {
        timestamp: { kind: "constant", millis: MINIMUM_TIMESTAMP_MILLIS },
        pane: { kind: "constant", bytes: NO_FIRING },
      });
      return;
    case "stage":
      for (const output of node.outputs) {
        constants.set(output, { timestamp: { kind: "varies" }, pane: { kind: "varies" } });
      }
      return;
    case "group-by-key":
    case "combine":
      constants.set(node.output, {
        timestamp: { kind: "end-of-window" },
        pane: { kind: "constant", bytes: FIRING[windowOf(node.output)] },
      });
      return;
    case "flatten": {
      const inputs = node.inputs.map((input) => constants.get(input));
      constants.set(node.output, {
        timestamp: sameOrVaries(inputs.map((input) => input?.timestamp)),
        pane: sameOrVaries(inputs.map((input) => input?.pane)),
      });
      return;
    }
    case "reshuffle": {
      const input = constants.get(node.input);
      invariant(input, node.names[0]!, "nothing makes its input");
      constants.set(node.output, input);
    }
  }
}

/** With no inputs there is no element, so that any constant is true of all of them. */
function sameOrVaries<Constant extends ConstantTimestamp | ConstantPane>(
  inputs: readonly (Constant | undefined)[],
): Constant | { readonly kind: "varies" } {
  const [first] = inputs;
  if (first === undefined) return { kind: "varies" };
  const same = inputs.every((input) => JSON.stringify(input) === JSON.stringify(first));
  return same ? first : { kind: "varies" };
}

function collectReads(
  node: NodeDraft,
  read: (pcollection: string, what: MetadataReads) => void,
  reads: ReadonlyMap<string, MetadataReads>,
): void {
  switch (node.kind) {
    case "impulse":
    case "read":
      return;
    case "stage":
      read(node.input, everythingRead);
      for (const use of node.sideInputs) read(use.pcollection, onlyWindowRead);
      return;
    case "group-by-key":
    case "combine":
      read(node.input, onlyWindowRead);
      return;
    case "flatten":
      for (const input of node.inputs) read(input, reads.get(node.output) ?? nothingRead);
      return;
    case "reshuffle":
      read(node.input, reads.get(node.output) ?? nothingRead);
  }
}
