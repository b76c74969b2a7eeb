import type { Collector } from "../../diagnostics/collector.js";
import type { Graph } from "../2-graph/graph.js";
import { visitTransforms } from "../2-graph/visit.js";
import type { ModeDecision } from "./plan.js";

/**
 * Streaming if a PCollection that some leaf transform makes is unbounded, else batch. The first one in the
 * pipeline's own order decides, and is named (`beam_runner_api.proto`, PCollection.is_bounded).
 */
export function decideMode(graph: Graph, diagnostics: Collector): ModeDecision {
  let decidedBy: { readonly pcollection: string; readonly transform: string; readonly id: string } | null =
    null;
  visitTransforms(graph, (transform) => {
    if (decidedBy !== null || transform.parts.length > 0) return "descend";
    for (const output of transform.outputs.values()) {
      const pcollection = graph.pcollections.get(output);
      if (pcollection?.bounded === false) {
        decidedBy ??= { pcollection: pcollection.name, transform: transform.name, id: transform.id };
      }
    }
    return "descend";
  });
  return decision(decidedBy, diagnostics);
}

function decision(
  decidedBy: { readonly pcollection: string; readonly transform: string; readonly id: string } | null,
  diagnostics: Collector,
): ModeDecision {
  if (decidedBy === null) return { mode: "batch", decidedBy: null, reason: "every PCollection is bounded" };
  const { pcollection, transform, id } = decidedBy;
  diagnostics.report("plan/streaming-unsupported", { transform, id }, { pcollection });
  return { mode: "streaming", decidedBy: pcollection, reason: `${pcollection} is unbounded` };
}
