import type { Rule } from "./rule.js";

/**
 * Payloads of transforms without parts are what their URN says.
 *
 * A composite's payload is only a hint at a shorter way: whoever would take that way reads it, and declines.
 * Pipeline proto: `FunctionSpec.payload`, and the payload messages that `StandardPTransforms` names.
 */
export const checkPayloads: Rule = ({ leaves, payload, place }, diagnostics) => {
  for (const [id, { spec }] of leaves) {
    const decoded = payload(id);
    if (spec === undefined || decoded === null || decoded.ok) continue;
    diagnostics.report("read/payload-invalid", place(id, "payload"), { urn: spec.urn, reason: decoded.why });
  }
};
