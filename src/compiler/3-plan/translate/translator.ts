import type { TransformNode } from "../../2-graph/graph.js";
import type { PlanContext } from "../plan-context.js";

/** May this transform be translated whole, at its own level, with exactly Beam's result? */
export interface LevelDecision {
  readonly whole: boolean;
  readonly reason: string;
}

/** Numbers of inputs and outputs; "any" where the model, or `plan` itself, has more to say. */
export interface Ports {
  readonly inputs: 0 | 1 | "any";
  readonly outputs: 1 | "any";
}

/**
 * Translates one kind of transform. `level` decides and `plan` adds drafts; `plan` is called only after `level`
 * said whole. A composite that is not taken whole is entered and its parts are asked; a transform without parts
 * that is not taken is a diagnostic.
 */
export interface Translator {
  /** How many inputs and outputs the model gives such a transform. */
  readonly ports: Ports;
  readonly urns: readonly string[];
  /** Composites without a URN of their own, by what the Python SDK says they are (the `python_type` annotation). */
  readonly pythonTypes?: readonly string[];
  level(transform: TransformNode, context: PlanContext): LevelDecision;
  plan(transform: TransformNode, context: PlanContext): void;
}
