import type { WindowingStrategy } from "../../../beam/payloads/windowing-strategy.js";
import { URN } from "../../../beam/urns.js";
import type { CoderNode, TransformNode } from "../../2-graph/graph.js";
import type { GroupTimestamp, WindowColumns, WindowMerge } from "../plan.js";
import { type PlanContext, placeOf } from "../plan-context.js";
import { writeSameBytes } from "./same-coders.js";

/** Coders whose windows have columns of their own; the windows of any other are kept in its bytes. */
const columnsOfCoder: Readonly<Record<string, WindowColumns>> = {
  [URN.coderGlobalWindow]: "global",
  [URN.coderIntervalWindow]: "interval",
};

/**
 * How windows lie in columns: the window coder decides, whoever assigns the windows (`beam_runner_api.proto`,
 * WindowingStrategy.window_coder_id).
 */
export function windowColumnsOf(
  windowing: WindowingStrategy,
  coders: ReadonlyMap<string, CoderNode>,
): WindowColumns {
  const urn = coders.get(windowing.windowCoderId)?.urn ?? "";
  return Object.hasOwn(columnsOfCoder, urn) ? columnsOfCoder[urn]! : "encoded";
}

/** Whether rows in the windows of one strategy are rows in those of another as they are. */
export function haveSameWindows(
  one: WindowingStrategy,
  other: WindowingStrategy,
  coders: ReadonlyMap<string, CoderNode>,
): boolean {
  const kind = windowColumnsOf(one, coders);
  if (kind !== windowColumnsOf(other, coders)) return false;
  if (kind !== "encoded") return true;
  return writeSameBytes(one.windowCoderId, other.windowCoderId, coders);
}

/** How a group by key of such windows merges those of one key (WindowingStrategy.merge_status). */
export function windowMergeOf(
  windowing: WindowingStrategy,
  coders: ReadonlyMap<string, CoderNode>,
): WindowMerge {
  if (windowing.mergeStatus !== "NEEDS_MERGE") return "none";
  const isSession = windowing.windowFn.urn === URN.windowFnSession;
  return isSession && windowColumnsOf(windowing, coders) === "interval" ? "sessions" : "custom";
}

const timestamps: Readonly<Record<WindowingStrategy["outputTime"], GroupTimestamp>> = {
  UNSPECIFIED: "end-of-window",
  END_OF_WINDOW: "end-of-window",
  EARLIEST_IN_PANE: "earliest",
  LATEST_IN_PANE: "latest",
};

/** The timestamp of a group in such windows (WindowingStrategy.output_time). */
export function groupTimestampOf(windowing: WindowingStrategy): GroupTimestamp {
  return timestamps[windowing.outputTime];
}

/** Reports a group whose windows a function merges that can't run here. */
export function checkGrouping(
  transform: TransformNode,
  windowing: WindowingStrategy,
  context: PlanContext,
): void {
  if (windowMergeOf(windowing, context.graph.coders) !== "custom") return;
  const id = windowing.environmentId;
  if (id === "" || context.lanesOf(id).some(({ possible }) => possible)) return;
  const environment = context.describeEnvironment(id);
  context.diagnostics.report("plan/environment-unsupported", placeOf(transform), { environment });
}
