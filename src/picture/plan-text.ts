import type { DeclinedLevel } from "../compiler/3-plan/plan.js";
import { columnsOf, ddlOf, stageColumns } from "../compiler/4-physical/columns.js";
import { inputReferences } from "../compiler/4-physical/input-references.js";
import type { PhysicalNode, PhysicalPlan } from "../compiler/4-physical/physical-plan.js";
import { escapeText } from "../diagnostics/format.js";

/**
 * A physical plan as text, one numbered line per node: kind, lane, Beam's names; below it what it reads, the Spark
 * API, why, how its rows lie and how often they are computed. Control characters in names are shown escaped.
 */
export function renderPlanText(plan: PhysicalPlan, declined: readonly DeclinedLevel[]): string {
  const { name, sdkVersion, pythonVersion } = plan.pipeline;
  const native = plan.nodes.filter((node) => node.lane === "native").length;
  const made = [sdkVersion && `Beam ${sdkVersion}`, pythonVersion && `Python ${pythonVersion}`]
    .filter(Boolean)
    .join(", ");
  const lines = [
    `pipeline  ${escapeText(name)}${made === "" ? "" : ` (${made})`}`,
    `target    ${plan.target}, ${plan.mode.mode}: ${escapeText(plan.mode.reason)}`,
    `steps     ${plan.nodes.length}, of which ${native} native`,
    "",
  ];
  const numbers = new Map(plan.nodes.map((node) => [node.id, node.number]));
  const kindWidth = Math.max(4, ...plan.nodes.map((node) => node.kind.length));
  const numberWidth = String(plan.nodes.length).length;
  for (const node of plan.nodes) lines.push(...nodeLines(node, numbers, kindWidth, numberWidth));
  if (declined.length > 0) {
    lines.push("", "not translated whole, but by their parts:");
    for (const { name: transform, reason } of declined)
      lines.push(`  ${escapeText(transform)}: ${escapeText(reason)}`);
  }
  return `${lines.join("\n")}\n`;
}

function nodeLines(
  node: PhysicalNode,
  numbers: ReadonlyMap<string, number>,
  kindWidth: number,
  numberWidth: number,
): readonly string[] {
  const lead = `${String(node.number).padStart(numberWidth)}. ${node.kind.padEnd(kindWidth)}  ${node.lane.padEnd(10)}  `;
  const margin = " ".repeat(numberWidth + 2);
  const reads = inputReferences(node).map((input) => numbers.get(input.node));
  const sides = node.kind === "stage" ? node.sideInputs.map((side) => numbers.get(side.node)) : [];
  const from = [
    reads.length > 0 ? reads.join(", ") : null,
    sides.length > 0 ? `side inputs ${sides.join(", ")}` : null,
  ].filter((part) => part !== null);
  const lines = [lead + node.names.map(escapeText).join(", ")];
  if (from.length > 0) lines.push(`${margin}from  ${from.join("; ")}`);
  lines.push(`${margin}api   ${escapeText(node.api)}`, `${margin}why   ${escapeText(node.reason)}`);
  const columns = ddlOf(
    node.kind === "stage"
      ? stageColumns(node.outputs)
      : node.outputs[0]
        ? columnsOf(node.outputs[0].layout)
        : [],
  );
  if (columns !== "" && node.outputs.length > 0) lines.push(`${margin}rows  ${columns}`);
  if (node.materialisation !== "lazy")
    lines.push(`${margin}once  ${node.materialisation}: ${node.materialisationReason}`);
  return lines;
}
