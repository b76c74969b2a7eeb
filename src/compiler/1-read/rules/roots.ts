import type { Rule } from "./rule.js";

/**
 * There is a root, and roots exist.
 *
 * Pipeline proto: `Pipeline.root_transform_ids`.
 */
export const checkRoots: Rule = ({ pipeline, components }, diagnostics) => {
  if (pipeline.rootTransformIds.length === 0) diagnostics.report("read/no-root", {}, {});
  pipeline.rootTransformIds.forEach((id, index) => {
    if (!components.transforms.has(id)) {
      diagnostics.report(
        "read/missing-id",
        { path: `root_transform_ids[${index}]` },
        { kind: "transform", id },
      );
    }
  });
};
