import { decodeWindowFn } from "../../../beam/payloads/window-fn.js";
import { checkWindowingStrategy } from "../../../beam/payloads/windowing-strategy.js";
import type { Rule } from "./rule.js";

/**
 * Windowing strategies of PCollections are whole, with known values; standard window functions have sound payloads.
 *
 * Pipeline proto: `WindowingStrategy`; `standard_window_fns.proto`.
 */
export const checkWindowingStrategies: Rule = ({ components }, diagnostics) => {
  const used = new Set(
    [...components.pcollections.values()].map((pcollection) => pcollection.windowingStrategyId),
  );
  for (const [id, strategy] of components.windowingStrategies) {
    if (!used.has(id)) continue;
    const checked = checkWindowingStrategy(strategy);
    if (!checked.ok) {
      diagnostics.report("read/windowing-invalid", { id }, { reason: checked.why });
      continue;
    }
    const { urn, payload } = checked.value.windowFn;
    const windowFn = decodeWindowFn(urn, payload);
    if (windowFn !== null && !windowFn.ok) {
      diagnostics.report(
        "read/payload-invalid",
        { id, path: "window_fn.payload" },
        { urn, reason: windowFn.why },
      );
    }
  }
};
