import type { TransformNode } from "../../2-graph/graph.js";
import type { PlanContext } from "../plan-context.js";

type Decide<Decision> = (transform: TransformNode, context: PlanContext) => Decision;

/**
 * A decision that is made once for each transform of a plan: a translator needs it for the level and again for the
 * draft, its neighbours ask too, and reading a pickled function costs.
 */
export function decideOnce<Decision>(decide: Decide<Decision>): Decide<Decision> {
  const decisions = new WeakMap<PlanContext, Map<string, { readonly decision: Decision }>>();
  return (transform, context) => {
    const known = decisions.get(context) ?? new Map<string, { readonly decision: Decision }>();
    decisions.set(context, known);
    const made = known.get(transform.id) ?? { decision: decide(transform, context) };
    known.set(transform.id, made);
    return made.decision;
  };
}
