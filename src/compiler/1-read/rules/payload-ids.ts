import type { CombinePayload } from "../../../beam/payloads/combine.js";
import type { ParDoPayload } from "../../../beam/payloads/par-do.js";
import { stateCoders } from "../../../beam/payloads/state-coders.js";
import { entry, expectId } from "./component-ids.js";
import type { Rule } from "./rule.js";

/**
 * Every id that a payload names exists: coders among the components, side inputs among the transform's inputs.
 *
 * Pipeline proto: the id fields of `ParDoPayload`, `StateSpec`, `TimerFamilySpec` and `CombinePayload`.
 */
export const checkPayloadIds: Rule = ({ components, leaves, payload, place }, diagnostics) => {
  const { coders } = components;
  for (const [id, { inputs }] of leaves) {
    const decoded = payload(id);
    if (decoded === null || !decoded.ok) continue;
    const expectCoder = (coder: string, path: string): void => {
      expectId(coders, "coder", coder, () => place(id, `payload.${path}`), diagnostics);
    };
    const value = decoded.value as Partial<ParDoPayload & CombinePayload>;
    if (value.accumulatorCoderId !== undefined) expectCoder(value.accumulatorCoderId, "accumulator_coder_id");
    if (value.restrictionCoderId) expectCoder(value.restrictionCoderId, "restriction_coder_id");
    for (const tag of value.sideInputs?.keys() ?? []) {
      expectId(inputs, "input", tag, () => place(id, `payload.${entry("side_inputs", tag)}`), diagnostics);
    }
    for (const [name, spec] of value.stateSpecs ?? []) {
      for (const coder of stateCoders(spec)) expectCoder(coder, entry("state_specs", name));
    }
    for (const [name, { timerFamilyCoderId }] of value.timerFamilySpecs ?? []) {
      expectCoder(timerFamilyCoderId, `${entry("timer_family_specs", name)}.timer_family_coder_id`);
    }
  }
};
