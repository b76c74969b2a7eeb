import type { Coder } from "../../../beam/protos/types/pipeline.js";
import { limits } from "../limits.js";
import { findCycles } from "./find-cycles.js";
import type { Rule } from "./rule.js";

/**
 * Coders are finite: none is a component of itself, none nests deeper than the limit.
 *
 * Pipeline proto: `Coder.component_coder_ids`.
 */
export const checkCoderNesting: Rule = ({ components: { coders } }, diagnostics) => {
  const cycles = findCycles(coders.keys(), (id) => coders.get(id)?.componentCoderIds ?? []);
  for (const cycle of cycles) {
    diagnostics.report("read/coder-cycle", { id: cycle[0] ?? "" }, { coders: cycle });
  }
  if (cycles.length > 0) return;
  const depths = measureDepths(coders);
  const components = new Set([...coders.values()].flatMap((coder) => coder.componentCoderIds));
  const limit = limits.coderNesting;
  for (const [id, depth] of depths) {
    if (depth > limit && !components.has(id))
      diagnostics.report("read/coder-too-deep", { id }, { depth, limit });
  }
};

/** How many coders deep each one nests, itself included. The coders hold no cycle. */
function measureDepths(coders: ReadonlyMap<string, Coder>): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const start of coders.keys()) {
    const path = [{ id: start, next: 0, depth: 1 }];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const component = coders.get(step.id)?.componentCoderIds[step.next];
      if (component === undefined) {
        depths.set(step.id, step.depth);
        path.pop();
        continue;
      }
      const depth = depths.get(component);
      if (depth === undefined) {
        path.push({ id: component, next: 0, depth: 1 });
        continue;
      }
      step.depth = Math.max(step.depth, depth + 1);
      step.next++;
    }
  }
  return depths;
}
