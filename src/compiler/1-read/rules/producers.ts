import type { PTransform } from "../../../beam/protos/types/pipeline.js";
import { entry } from "./component-ids.js";
import type { Rule } from "./rule.js";

/**
 * Every PCollection that is read has exactly one producer.
 *
 * Producers are transforms without parts: a composite's outputs repeat those of its parts. What a transform without
 * parts both reads and writes it passes through, as empty composites do.
 * Pipeline proto: `PTransform.outputs`, `PTransform.inputs`.
 */
export const checkProducers: Rule = ({ components, leaves, place }, diagnostics) => {
  const producers = new Map<string, string[]>();
  for (const [id, transform] of leaves) {
    for (const pcollection of producedBy(transform)) {
      const known = producers.get(pcollection);
      if (known === undefined) producers.set(pcollection, [id]);
      else known.push(id);
    }
  }
  for (const [pcollection, all] of producers) {
    if (all.length > 1) diagnostics.report("read/several-producers", { id: pcollection }, { producers: all });
  }
  for (const [id, { inputs }] of leaves) {
    for (const [tag, pcollection] of inputs) {
      if (producers.has(pcollection) || !components.pcollections.has(pcollection)) continue;
      diagnostics.report("read/no-producer", place(id, entry("inputs", tag)), { pcollection });
    }
  }
};

/** The PCollections that a transform without parts makes. */
export function producedBy({ inputs, outputs }: PTransform): ReadonlySet<string> {
  const read = new Set(inputs.values());
  return new Set([...outputs.values()].filter((output) => !read.has(output)));
}
