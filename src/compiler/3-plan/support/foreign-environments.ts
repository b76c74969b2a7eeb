import type { TransformNode } from "../../2-graph/graph.js";
import { type PlanContext, placeOf } from "../plan-context.js";

/**
 * Refuses functions that aren't Python's: a schema transform as a whole, by its identifier, which says what it is; of
 * what is left the first of each environment.
 */
export function refuseForeignEnvironments(context: PlanContext): void {
  const { graph, diagnostics } = context;
  const reported = new Set<string | null>();
  for (const draft of context.drafts) {
    if (draft.kind !== "user-function") continue;
    const environment = draft.environment === null ? undefined : graph.environments.get(draft.environment);
    if (environment?.language === "python") continue;
    const description =
      environment === undefined
        ? "no environment that it names"
        : `the ${environment.language} environment ${environment.description}`;
    const whole = findSchemaTransform(draft.transform, context);
    const subject = whole === null ? draft.environment : `transform ${whole.id}`;
    if (reported.has(subject)) continue;
    reported.add(subject);
    if (whole === null) {
      const at = { transform: draft.names[0]!, id: draft.transform };
      diagnostics.report("plan/environment-unsupported", at, { environment: description });
    } else {
      const identifier = whole.schemaTransform ?? "";
      diagnostics.report("plan/schema-transform-unsupported", placeOf(whole), {
        identifier,
        environment: description,
      });
    }
  }
}

/** The outermost schema transform that a function is a part of, or null. */
function findSchemaTransform(id: string, context: PlanContext): TransformNode | null {
  const own = context.graph.transforms.get(context.added().transforms[id]?.like ?? id);
  let found: TransformNode | null = null;
  for (let transform = own; transform !== undefined; ) {
    if (transform.schemaTransform !== null) found = transform;
    transform = transform.parent === null ? undefined : context.graph.transforms.get(transform.parent);
  }
  return found;
}
