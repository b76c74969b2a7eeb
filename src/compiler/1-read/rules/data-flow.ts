import { findCycles } from "./find-cycles.js";
import { producedBy } from "./producers.js";
import type { Rule } from "./rule.js";

/**
 * Data flows one way: no transform reads, directly or through others, what it writes.
 *
 * Pipeline proto: `Pipeline`, which is a directed acyclic graph over `PTransform.inputs` and `PTransform.outputs`.
 */
export const checkDataFlow: Rule = ({ leaves, place }, diagnostics) => {
  const consumers = new Map<string, string[]>();
  for (const [id, { inputs }] of leaves) {
    for (const pcollection of new Set(inputs.values())) {
      const known = consumers.get(pcollection);
      if (known === undefined) consumers.set(pcollection, [id]);
      else known.push(id);
    }
  }
  const successorsOf = (id: string): readonly string[] => {
    const transform = leaves.get(id);
    return transform === undefined
      ? []
      : [...producedBy(transform)].flatMap((output) => consumers.get(output) ?? []);
  };
  for (const cycle of findCycles(leaves.keys(), successorsOf)) {
    const transforms = cycle.map((id) => leaves.get(id)?.uniqueName ?? id);
    diagnostics.report("read/data-flow-cycle", place(cycle[0] ?? ""), { transforms });
  }
};
