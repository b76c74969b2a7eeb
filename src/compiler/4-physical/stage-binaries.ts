import { decodeReadPayload } from "../../beam/payloads/read.js";
import { invariant } from "../../diagnostics/invariant.js";
import type { ReadPipeline } from "../1-read/read-pipeline.js";
import type { Graph } from "../2-graph/graph.js";
import type { Plan } from "../3-plan/plan.js";
import type { PhysicalPlan } from "./physical-plan.js";
import { describeStage } from "./stage-descriptor.js";

/** A stage's or data source's descriptor, and the pickled source of a data source. */
export interface StageBinary {
  readonly descriptor: Uint8Array;
  readonly source: Uint8Array | null;
}

/** The binaries of all stages and data sources of a plan, by the base name of their files. */
export function stageBinaries(
  physical: PhysicalPlan,
  plan: Plan,
  graph: Graph,
  read: ReadPipeline,
): ReadonlyMap<string, StageBinary> {
  const binaries = new Map<string, StageBinary>();
  for (const node of physical.nodes) {
    if (node.kind !== "stage" && node.kind !== "read-data-source") continue;
    const descriptor = describeStage(node, plan, graph, read.originals);
    const source = node.kind === "stage" ? null : pickledSource(node.transform, graph);
    binaries.set(node.stage, { descriptor, source });
  }
  return binaries;
}

function pickledSource(transform: string, graph: Graph): Uint8Array {
  const payload = decodeReadPayload(graph.transforms.get(transform)?.payload ?? new Uint8Array(0));
  invariant(payload.ok, transform, "its source was read when it was planned");
  return payload.value.source.payload;
}
