import type { ParDoPayload } from "../../../beam/payloads/par-do.js";
import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import { type PlanContext, placeOf } from "../plan-context.js";

/** Whether a function has state cells or timers, which belong to a key and window of its input. */
export function isStateful(payload: ParDoPayload): boolean {
  return payload.stateSpecs.size > 0 || payload.timerFamilySpecs.size > 0;
}

/**
 * Reports everything that a ParDo asks for and that can't be done, each by name (`beam_runner_api.proto`,
 * ParDoPayload).
 *
 * @param input the main input
 */
export function refuseUnsupportedParDo(
  transform: TransformNode,
  payload: ParDoPayload,
  input: string,
  context: PlanContext,
): void {
  const { diagnostics } = context;
  const keyed = isStateful(payload) || payload.requiresTimeSortedInput;
  if (keyed && payload.restrictionCoderId !== "") {
    diagnostics.report("plan/pardo-feature-unsupported", placeOf(transform, "payload.restriction_coder_id"), {
      feature: "a splittable function with state, timers or input sorted by time",
    });
  }
  if (keyed && context.keyCoderOf(input) === null) {
    context.reportMalformed(transform, "it has state or wants its times in order, and its input has no keys");
  }
  for (const [tag, sideInput] of payload.sideInputs) {
    const accessPattern = sideInput.accessPattern.urn;
    if (accessPattern === URN.sideInputIterable || accessPattern === URN.sideInputMultimap) continue;
    const path = `payload.side_inputs[${JSON.stringify(tag)}].access_pattern`;
    diagnostics.report("plan/side-input-unsupported", placeOf(transform, path), { accessPattern });
  }
}
