import { escapeText } from "../diagnostics/format.js";
import type { UserMetric } from "./launch-event.js";

/** The user's metrics as a table, by step and name; the empty text where there are none. */
export function formatMetrics(metrics: readonly UserMetric[]): string {
  if (metrics.length === 0) return "";
  const rows = metrics
    .map(({ step, namespace, name, kind, value }) => ({
      step: escapeText(step),
      name: escapeText(namespace === "" ? name : `${namespace}:${name}`),
      kind: escapeText(kind),
      value: formatValue(value),
    }))
    .sort((left, right) => compare(left.step, right.step) || compare(left.name, right.name));
  const width = (column: "step" | "name" | "kind"): number =>
    Math.max(...rows.map((row) => row[column].length));
  const [step, name, kind] = [width("step"), width("name"), width("kind")];
  const lines = rows.map((row) =>
    `  ${row.step.padEnd(step)}  ${row.name.padEnd(name)}  ${row.kind.padEnd(kind)}  ${row.value}`.trimEnd(),
  );
  return `metrics\n${lines.join("\n")}\n`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function formatValue(value: unknown): string {
  if (typeof value !== "object" || value === null) return escapeText(String(value));
  if (Array.isArray(value)) return value.map(formatValue).join(", ");
  return Object.entries(value)
    .map(([name, part]) => `${escapeText(name)} ${formatValue(part)}`)
    .join(", ");
}
