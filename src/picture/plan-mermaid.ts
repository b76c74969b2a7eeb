import { inputReferences } from "../compiler/4-physical/input-references.js";
import { tellingName } from "../compiler/4-physical/name-nodes.js";
import type { PhysicalNode, PhysicalPlan } from "../compiler/4-physical/physical-plan.js";

/** Longer names are cut: the text form has them whole. */
const longestLabel = 60;

/**
 * A physical plan as a Mermaid flowchart: a box per node, coloured by lane, dashed arrows for side inputs, thick
 * borders where rows are computed once and kept.
 */
export function renderPlanMermaid(plan: PhysicalPlan): string {
  const lines = ["flowchart TD"];
  for (const node of plan.nodes) {
    lines.push(`  ${node.id}["${labelOf(node)}"]:::${classOf(node)}`);
  }
  for (const node of plan.nodes) {
    for (const input of inputReferences(node)) lines.push(`  ${input.node} --> ${node.id}`);
    if (node.kind === "stage")
      for (const side of node.sideInputs) lines.push(`  ${side.node} -.-> ${node.id}`);
  }
  lines.push(
    "  classDef native fill:#e3f1e3,stroke:#2e7d32,color:#111",
    "  classDef inProcess fill:#fff6dd,stroke:#ff570b,color:#111",
    "  classDef kept stroke-width:3px",
  );
  const kept = plan.nodes.filter((node) => node.materialisation !== "lazy" && node.materialisation !== "run");
  if (kept.length > 0) lines.push(`  class ${kept.map((node) => node.id).join(",")} kept`);
  return `${lines.join("\n")}\n`;
}

function classOf(node: PhysicalNode): string {
  return node.lane === "native" ? "native" : "inProcess";
}

function labelOf(node: PhysicalNode): string {
  const last = tellingName(node.names).split("/").slice(-2).join("/");
  const more = node.names.length > 1 ? ` (+${node.names.length - 1})` : "";
  return `${node.number}. ${escapeLabel(last)}${more}<br/>${node.kind}, ${node.lane}`;
}

/** Mermaid reads HTML entities in quoted labels: everything but letters, digits and plain marks becomes one. */
function escapeLabel(text: string): string {
  const cut = text.length > longestLabel ? `…${text.slice(1 - longestLabel)}` : text;
  return cut.replace(/[^\p{L}\p{N} ./()_,:-]/gu, (character) => `#${character.codePointAt(0)};`);
}
