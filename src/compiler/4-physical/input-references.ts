import type { OutputReference, PhysicalNode } from "./physical-plan.js";

/** The nodes whose rows a node reads: not those of its side inputs, which are read from their broadcast. */
export function inputReferences(node: PhysicalNode): readonly OutputReference[] {
  switch (node.kind) {
    case "impulse":
    case "read-text":
    case "read-parquet":
    case "read-data-source":
      return [];
    case "union":
      return node.inputs;
    case "stage":
    case "group":
    case "aggregate":
    case "spread":
    case "side-input":
      return [node.input];
  }
}
