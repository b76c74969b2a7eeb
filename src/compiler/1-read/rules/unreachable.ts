import type { Rule } from "./rule.js";

/**
 * Every transform is a root or part of one; others would be left out without a word.
 *
 * Pipeline proto: `Pipeline.root_transform_ids`.
 */
export const checkUnreachable: Rule = ({ pipeline, components, reachable, place }, diagnostics) => {
  if (pipeline.rootTransformIds.length === 0) return;
  for (const id of components.transforms.keys()) {
    if (!reachable.has(id)) diagnostics.report("read/unreachable-transform", place(id), {});
  }
};
