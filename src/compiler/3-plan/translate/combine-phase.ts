import { URN } from "../../../beam/urns.js";
import type { Translator } from "./translator.js";

/**
 * Beam: one phase of a lifted combine, or a combine of values that are grouped already.
 * Emitted: the SDK's own phase, fused with the user functions around it.
 * Declined: a combine of grouped values with side inputs, whose ParDo takes them.
 */
export const combinePhase: Translator = {
  urns: [
    URN.combinePrecombine,
    URN.combineMergeAccumulators,
    URN.combineExtractOutputs,
    URN.combineConvertToAccumulators,
    URN.combineGroupedValues,
  ],
  ports: { inputs: "any", outputs: 1 },
  level: (transform) =>
    transform.parts.length > 0 || transform.inputs.size !== 1
      ? { whole: false, reason: "its ParDo does the same and says more about itself" }
      : { whole: true, reason: "the SDK's own combine phase" },
  plan(transform, context) {
    context.add({
      kind: "user-function",
      names: [transform.name],
      level: transform.urn,
      reason: "the SDK's own combine phase",
      transform: transform.id,
      input: context.onlyInput(transform),
      sideInputs: [],
      outputs: [context.onlyOutput(transform)],
      environment: transform.environment,
    });
  },
};
