import type { WindowingStrategy } from "../../../beam/payloads/windowing-strategy.js";
import { URN } from "../../../beam/urns.js";
import type { Place } from "../../../diagnostics/diagnostic.js";
import type { TransformNode } from "../../2-graph/graph.js";
import { type PlanContext, placeOf } from "../plan-context.js";

/** Window functions whose windows have columns, and which: none for the global window, else start and end. */
const windowColumns: Readonly<Record<string, "global" | "interval">> = {
  [URN.windowFnGlobal]: "global",
  [URN.windowFnFixed]: "interval",
  [URN.windowFnSliding]: "interval",
};

/** The columns of the windows that `urn` assigns, or null where they have none. */
export function windowColumnsOf(urn: string): "global" | "interval" | null {
  return Object.hasOwn(windowColumns, urn) ? windowColumns[urn]! : null;
}

/** Triggers that fire once when the watermark passes the end of the window and all data is there. */
const singleFiringTriggers: readonly string[] = ["default", "afterEndOfWindow"];

/**
 * Reports a windowing strategy whose windows have no columns, once per window function, at the first transform
 * that makes such windows (`beam_runner_api.proto`, WindowingStrategy).
 */
export function checkWindows(at: Place, windowing: WindowingStrategy, context: PlanContext): void {
  const windowFn = windowing.windowFn.urn;
  if (windowColumnsOf(windowFn) !== null || context.reportedWindowFns.has(windowFn)) return;
  context.reportedWindowFns.add(windowFn);
  const merges = windowing.mergeStatus !== "NON_MERGING";
  context.diagnostics.report(merges ? "plan/window-merging-unsupported" : "plan/window-fn-unsupported", at, {
    windowFn,
  });
}

/** Reports what about the windowing of a group's input one firing at the window's end can't do. */
export function checkGrouping(
  transform: TransformNode,
  windowing: WindowingStrategy,
  context: PlanContext,
): void {
  if (!singleFiringTriggers.includes(windowing.trigger)) {
    context.diagnostics.report("plan/trigger-unsupported", placeOf(transform), {
      trigger: windowing.trigger,
    });
  }
  if (windowing.outputTime !== "END_OF_WINDOW") {
    const combiner = windowing.outputTime;
    context.diagnostics.report("plan/timestamp-combiner-unsupported", placeOf(transform), { combiner });
  }
}
