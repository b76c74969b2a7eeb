import type { TransformNode } from "../../2-graph/graph.js";
import type { PlanContext } from "../plan-context.js";

/**
 * Why a composite can't stand for its parts, or null where it can: what its parts read from elsewhere must be its
 * inputs, and what others read of theirs its outputs (`beam_runner_api.proto`, PTransform.subtransforms).
 */
export function describeLeak(composite: TransformNode, context: PlanContext): string | null {
  if (composite.parts.length === 0) return null;
  const leaves = leavesOf(composite, context);
  const made = new Set([...leaves].flatMap(madeBy));
  const inputs = new Set(composite.inputs.values());
  const outputs = new Set(composite.outputs.values());
  for (const output of outputs) if (!made.has(output)) return `none of its parts makes its output ${output}`;
  for (const leaf of leaves) {
    for (const input of leaf.inputs.values()) {
      if (!made.has(input) && !inputs.has(input)) return `its parts read ${input}, which is no input of it`;
    }
  }
  for (const pcollection of made) {
    if (outputs.has(pcollection)) continue;
    if (context.consumersOf(pcollection).some((consumer) => !leaves.has(consumer)))
      return `${pcollection} is read from outside, and is no output of it`;
  }
  return null;
}

/** What a transform both reads and writes it only hands on. */
function madeBy(leaf: TransformNode): readonly string[] {
  const inputs = new Set(leaf.inputs.values());
  return [...leaf.outputs.values()].filter((output) => !inputs.has(output));
}

function leavesOf(composite: TransformNode, context: PlanContext): ReadonlySet<TransformNode> {
  const leaves = new Set<TransformNode>();
  const pending = [...composite.parts];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const part = context.graph.transforms.get(id);
    if (part === undefined) continue;
    if (part.parts.length === 0) leaves.add(part);
    for (const inner of part.parts) pending.push(inner);
  }
  return leaves;
}
