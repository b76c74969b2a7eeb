import type { Graph, TransformNode } from "./graph.js";

/** What a visitor wants after it has seen a composite: its parts, or not. */
export type Descent = "descend" | "skip";

/**
 * Walks the transform hierarchy from the roots, parents before parts, in the order the pipeline lists them.
 * Works on an explicit stack: a hierarchy of any depth does not overflow ours.
 *
 * @param enter called once per transform; for a transform without parts its answer is ignored
 */
export function visitTransforms(graph: Graph, enter: (transform: TransformNode) => Descent): void {
  const pending = [...graph.roots].reverse();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const transform = graph.transforms.get(id);
    if (transform === undefined) continue;
    if (enter(transform) === "skip") continue;
    for (let index = transform.parts.length - 1; index >= 0; index--) pending.push(transform.parts[index]!);
  }
}
