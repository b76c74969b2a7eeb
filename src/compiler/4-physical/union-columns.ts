import { columnsOf } from "./columns.js";
import type { Layout } from "./layout.js";
import type { UnionColumn } from "./physical-plan.js";

/**
 * The maximum timestamp of the global window in milliseconds: the last millisecond before the day that Beam keeps
 * free at the end of time (`beam_runner_api.proto`, constants; the Python SDK's GlobalWindow).
 */
const END_OF_GLOBAL_WINDOW_MILLIS = "9223371950454774";

/**
 * How the rows of `from` get the columns of `to`, whose value layout is the same: metadata that is constant in one
 * input of a flatten and varies in another becomes a column.
 *
 * @returns null where the columns are the same already
 */
export function unionColumns(from: Layout, to: Layout): readonly UnionColumn[] | null {
  const have = columnsOf(from).map(({ name }) => name);
  const want = columnsOf(to).map(({ name }) => name);
  if (have.join() === want.join()) return null;
  return want.map((name) => (have.includes(name) ? { name, from: "column" } : constantColumn(name, from)));
}

function constantColumn(name: string, from: Layout): UnionColumn {
  if (name === "pane") {
    const bytes = from.pane.kind === "constant" ? from.pane.bytes : "0f";
    return { name, from: "constant", type: "binary", value: bytes };
  }
  const { timestamp } = from;
  if (timestamp.kind === "constant")
    return { name, from: "constant", type: "bigint", value: timestamp.millis };
  if (from.window.kind === "interval") return { name, from: "window-end" };
  return { name, from: "constant", type: "bigint", value: END_OF_GLOBAL_WINDOW_MILLIS };
}
