import type { PhysicalNode, PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { SourceFile } from "../source-file.js";
import { viewContext, viewOf } from "./node-view.js";
import { lineWidth, pythonComment } from "./python-comment.js";
import type { Templates } from "./templates.js";

/** What `job.py` may import of the runtime, in the order in which ruff has it. */
const runtimeNames = ["Job", "exact_sum", "ieee_max", "ieee_min", "main", "wrapping_sum"];

/** `job.py`: one block per plan node, with what it does, in which lane, by which API, and why. */
export function emitJob(plan: PhysicalPlan, templates: Templates): SourceFile {
  const context = viewContext(plan);
  const nodes = plan.nodes.map((node) => {
    const view = viewOf(node, context);
    const code = [templates.node(node.kind, view), templates.materialisation(view)];
    return { comment: commentOf(node), code: code.join("").trimEnd() };
  });
  const all = withoutStrings(nodes.map(({ code }) => code).join("\n"));
  const imports = runtimeNames
    .filter((name) => name === "Job" || name === "main" || all.includes(`${name}(`))
    .join(", ");
  const content = templates.job({
    heading: headingOf(plan),
    functions: /\bF\./.test(all),
    imports,
    nodes,
  });
  return { path: "job.py", content };
}

/** Code with its string literals emptied: what is imported must not depend on what a file is called. */
function withoutStrings(code: string): string {
  return code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}

/** The module's docstring. Versions are plain words by the time they are here: reading an environment made them so. */
function headingOf(plan: PhysicalPlan): string {
  const { sdkVersion, pythonVersion } = plan.pipeline;
  const python = pythonVersion === null ? "" : ` on Python ${pythonVersion}`;
  const made = sdkVersion === null ? [] : ["", `The pipeline was made with Beam ${sdkVersion}${python}.`];
  return [
    '"""A Beam pipeline as a PySpark job, made by beam2spark.',
    "",
    "Run it with spark-submit (README.md says how), or call build(job) from a notebook or a test.",
    "PLAN.txt says why each step is what it is; stages/ holds the user functions.",
    ...made,
    '"""',
  ].join("\n");
}

function commentOf(node: PhysicalNode): string {
  const title = `${node.number}. ${node.names.join(", ")}`;
  const about = `${node.lane}, ${node.api}: ${node.reason}`;
  const lines = [pythonComment(clip(title), "    "), pythonComment(about, "    ", "  ")];
  if (node.materialisation === "persist" || node.materialisation === "checkpoint") {
    lines.push(pythonComment(`computed once: ${node.materialisationReason}`, "    ", "  "));
  }
  return lines.join("\n");
}

/** A stage of hundreds of functions is named by its first ones: PLAN.txt has them all. */
function clip(title: string): string {
  const most = lineWidth * 3;
  return title.length <= most ? title : `${title.slice(0, most)}…`;
}
