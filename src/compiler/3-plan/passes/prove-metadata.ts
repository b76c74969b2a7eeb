import { invariant } from "../../../diagnostics/invariant.js";
import type { ConstantPane, ConstantTimestamp, GroupTimestamp, MetadataReads } from "../plan.js";
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

/** The encoding of a group's pane in batch, where every trigger fires once: first and last, on time, index 0. */
const ONLY_FIRING = "07";

const nothingRead: MetadataReads = { timestamp: false, window: false, pane: false };
const everythingRead: MetadataReads = { timestamp: true, window: true, pane: true };
const onlyWindowRead: MetadataReads = { timestamp: false, window: true, pane: false };

/**
 * Constants flow forward and reads flow backward over the nodes, so that a metadata column is kept only where its
 * value varies and somebody can see it. A user function may read and write all metadata.
 *
 * @param nodes in topological order
 */
export function proveMetadata(nodes: readonly NodeDraft[]): ReadonlyMap<string, ProvedMetadata> {
  const constants = new Map<string, { timestamp: ConstantTimestamp; pane: ConstantPane }>();
  for (const node of nodes) proveConstants(node, constants);
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
    case "combine": {
      const merges = node.kind === "group-by-key" && node.merge !== "none";
      constants.set(node.output, {
        timestamp: groupTimestamp(node.timestamp, merges, constants.get(node.input)?.timestamp),
        pane: { kind: "constant", bytes: ONLY_FIRING },
      });
      return;
    }
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

/** The earliest and the latest of equal timestamps are these. */
function groupTimestamp(
  timestamp: GroupTimestamp,
  merges: boolean,
  input: ConstantTimestamp | undefined,
): ConstantTimestamp {
  if (timestamp === "end-of-window") return { kind: "end-of-window" };
  if (input === undefined || (merges && input.kind === "end-of-window")) return { kind: "varies" };
  return input;
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
    case "combine": {
      const timestamp = node.timestamp !== "end-of-window" && reads.get(node.output)?.timestamp === true;
      read(node.input, { ...onlyWindowRead, timestamp });
      return;
    }
    case "flatten":
      for (const input of node.inputs) read(input, reads.get(node.output) ?? nothingRead);
      return;
    case "reshuffle":
      read(node.input, reads.get(node.output) ?? nothingRead);
  }
}
