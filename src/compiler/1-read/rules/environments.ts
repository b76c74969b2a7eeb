import { environmentPayloads } from "../../../beam/payloads/all-payloads.js";
import type { Rule } from "./rule.js";

/**
 * Environments that a transform runs in have payloads that say where that is.
 *
 * Pipeline proto: `Environment.payload`, `StandardEnvironments`.
 */
export const checkEnvironments: Rule = ({ components, reachable }, diagnostics) => {
  const used = new Set([...reachable.values()].map((transform) => transform.environmentId));
  for (const [id, { urn, payload }] of components.environments) {
    if (!used.has(id)) continue;
    const decoded = environmentPayloads.get(urn)?.(payload);
    if (decoded !== undefined && !decoded.ok) {
      diagnostics.report("read/payload-invalid", { id, path: "payload" }, { urn, reason: decoded.why });
    }
  }
};
