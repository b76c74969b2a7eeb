import type { ParDoPayload } from "../../../beam/payloads/par-do.js";
import { URN } from "../../../beam/urns.js";
import type { TransformNode } from "../../2-graph/graph.js";
import { type PlanContext, placeOf } from "../plan-context.js";

/**
 * Reports everything that a ParDo asks for and that isn't there yet, each by name
 * (`beam_runner_api.proto`, ParDoPayload).
 */
export function refuseUnsupportedParDo(
  transform: TransformNode,
  payload: ParDoPayload,
  context: PlanContext,
): void {
  const { diagnostics } = context;
  for (const name of [...payload.stateSpecs.keys()].sort()) {
    diagnostics.report(
      "plan/state-unsupported",
      placeOf(transform, `payload.state_specs[${JSON.stringify(name)}]`),
      {},
    );
  }
  for (const name of [...payload.timerFamilySpecs.keys()].sort()) {
    const path = `payload.timer_family_specs[${JSON.stringify(name)}]`;
    diagnostics.report("plan/timer-unsupported", placeOf(transform, path), {});
  }
  const promises: readonly [asked: boolean, field: string, feature: string][] = [
    [payload.requestsFinalization, "requests_finalization", "bundle finalization"],
    [payload.requiresTimeSortedInput, "requires_time_sorted_input", "input sorted by time"],
    [payload.requiresStableInput, "requires_stable_input", "stable input"],
    [
      payload.onWindowExpirationTimerFamilySpec !== "",
      "on_window_expiration_timer_family_spec",
      "on_window_expiration",
    ],
  ];
  for (const [asked, field, feature] of promises) {
    if (asked) {
      diagnostics.report("plan/pardo-feature-unsupported", placeOf(transform, `payload.${field}`), {
        feature,
      });
    }
  }
  for (const [tag, sideInput] of payload.sideInputs) {
    const accessPattern = sideInput.accessPattern.urn;
    if (accessPattern === URN.sideInputIterable || accessPattern === URN.sideInputMultimap) continue;
    const path = `payload.side_inputs[${JSON.stringify(tag)}].access_pattern`;
    diagnostics.report("plan/side-input-unsupported", placeOf(transform, path), { accessPattern });
  }
}
