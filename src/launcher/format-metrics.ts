import { escapeText } from "../diagnostics/format.js";
import type { UserMetric } from "./launch-event.js";

/** Beam's own transforms report which files they touched like a user's metric, in this namespace. */
const beamNamespace = "lineage";

/** The last part of a metric's type URN, and what Beam's users call it. */
const kindNames: ReadonlyMap<string, string> = new Map([
  ["sum_int64", "counter"],
  ["sum_double", "counter"],
  ["distribution_int64", "distribution"],
  ["distribution_double", "distribution"],
  ["latest_int64", "gauge"],
  ["latest_double", "gauge"],
  ["set_string", "string set"],
  ["bounded_trie", "bounded trie"],
  ["histogram_int64", "histogram"],
]);

/** The user's metrics as a table, by transform and name; the empty text where there are none. */
export function formatMetrics(all: readonly UserMetric[]): string {
  const metrics = all.filter(({ namespace }) => namespace !== beamNamespace);
  if (metrics.length === 0) return "";
  const rows = metrics
    .map(({ transform, namespace, name, kind, value }) => ({
      transform: escapeText(transform),
      name: escapeText(namespace === "" ? name : `${namespace}:${name}`),
      kind: escapeText(kindNames.get(kind) ?? kind),
      value: formatValue(value),
    }))
    .sort((left, right) => compare(left.transform, right.transform) || compare(left.name, right.name));
  const width = (column: "transform" | "name" | "kind"): number =>
    Math.max(...rows.map((row) => row[column].length));
  const [transform, name, kind] = [width("transform"), width("name"), width("kind")];
  const lines = rows.map((row) =>
    `  ${row.transform.padEnd(transform)}  ${row.name.padEnd(name)}  ${row.kind.padEnd(kind)}  ${row.value}`.trimEnd(),
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
