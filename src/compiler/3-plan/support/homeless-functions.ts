import type { TransformNode } from "../../2-graph/graph.js";
import type { AddedComponents } from "../plan.js";
import { type PlanContext, placeOf } from "../plan-context.js";

/**
 * Refuses functions that have no lane: a schema transform as a whole, by its identifier, which says what it is; of
 * what is left the first of each environment.
 */
export function refuseHomelessFunctions(context: PlanContext): void {
  const { diagnostics } = context;
  const added = context.added();
  const reported = new Set<string | null>();
  for (const draft of context.drafts) {
    if (draft.kind !== "user-function") continue;
    if (context.lanesOf(draft.environment).some(({ possible }) => possible)) continue;
    const environment = context.describeEnvironment(draft.environment);
    const whole = findSchemaTransform(draft.transform, context, added);
    const subject = whole === null ? draft.environment : `transform ${whole.id}`;
    if (reported.has(subject)) continue;
    reported.add(subject);
    if (whole === null) {
      const at = { transform: draft.names[0]!, id: draft.transform };
      diagnostics.report("plan/environment-unsupported", at, { environment });
    } else {
      const identifier = whole.schemaTransform ?? "";
      diagnostics.report("plan/schema-transform-unsupported", placeOf(whole), { identifier, environment });
    }
  }
}

/** The outermost schema transform that a function is a part of, or null. */
function findSchemaTransform(id: string, context: PlanContext, added: AddedComponents): TransformNode | null {
  const own = context.graph.transforms.get(added.transforms[id]?.like ?? id);
  let found: TransformNode | null = null;
  for (let transform = own; transform !== undefined; ) {
    if (transform.schemaTransform !== null) found = transform;
    transform = transform.parent === null ? undefined : context.graph.transforms.get(transform.parent);
  }
  return found;
}
