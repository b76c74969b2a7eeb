import { limits } from "../limits.js";
import { findCycles } from "./find-cycles.js";
import type { Rule } from "./rule.js";

/**
 * Transforms are a tree: none contains itself, none is part of two, roots are part of none.
 *
 * Pipeline proto: `PTransform.subtransforms`, `Pipeline.root_transform_ids`.
 */
export const checkHierarchy: Rule = ({ pipeline, components, place }, diagnostics) => {
  const { transforms } = components;
  const cycles = findCycles(transforms.keys(), (id) => transforms.get(id)?.subtransforms ?? []);
  for (const [first] of cycles) {
    if (first !== undefined) diagnostics.report("read/hierarchy-cycle", place(first), {});
  }

  const parents = new Map<string, string[]>();
  const addParent = (id: string, parent: string): void => {
    const known = parents.get(id);
    if (known === undefined) parents.set(id, [parent]);
    else known.push(parent);
  };
  for (const root of pipeline.rootTransformIds) addParent(root, "the pipeline itself");
  for (const [id, { subtransforms }] of transforms) {
    for (const part of subtransforms) addParent(part, `"${id}"`);
  }
  for (const [id, all] of parents) {
    if (all.length > 1) diagnostics.report("read/several-parents", place(id), { parents: all });
  }

  if (cycles.length > 0) return;
  const depths = new Map<string, number>();
  const pending = [...pipeline.rootTransformIds];
  for (const root of pending) depths.set(root, 1);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const depth = depths.get(id) ?? 1;
    if (depth === limits.transformNesting + 1) {
      const limit = limits.transformNesting;
      diagnostics.report("read/hierarchy-too-deep", place(id), { limit });
      continue;
    }
    for (const part of transforms.get(id)?.subtransforms ?? []) {
      if (depths.has(part)) continue;
      depths.set(part, depth + 1);
      pending.push(part);
    }
  }
};
