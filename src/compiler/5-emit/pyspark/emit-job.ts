import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import { describeOrigin } from "../shared/describe-pipeline.js";
import { nodeComment } from "../shared/node-comment.js";
import type { Templates } from "../shared/templates.js";
import { viewContext } from "../shared/view-context.js";
import type { SourceFile } from "../source-file.js";
import { viewOf } from "./node-view.js";

const comments = { mark: "# ", indent: "    " };

/** What `job.py` may import of the runtime, in the order in which ruff has it. */
const runtimeNames = ["Job", "exact_sum", "ieee_max", "ieee_min", "ieee_sum", "main", "wrapping_sum"];

/** `job.py`: one block per plan node, with what it does, in which lane, by which API, and why. */
export function emitJob(plan: PhysicalPlan, templates: Templates): SourceFile {
  const context = viewContext(plan);
  const nodes = plan.nodes.map((node) => {
    const view = viewOf(node, context);
    const code = [
      templates.render(`nodes/${node.kind}.hbs`, view),
      templates.render("nodes/materialisation.hbs", view),
    ];
    return { comment: nodeComment(node, comments), code: code.join("").trimEnd() };
  });
  const all = withoutStrings(nodes.map(({ code }) => code).join("\n"));
  const imports = runtimeNames
    .filter((name) => name === "Job" || name === "main" || all.includes(`${name}(`))
    .join(", ");
  const content = templates.render("job.py.hbs", {
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

/** The module's docstring. */
function headingOf(plan: PhysicalPlan): string {
  const origin = describeOrigin(plan);
  return [
    '"""A Beam pipeline as a PySpark job, made by beam2spark.',
    "",
    "Run it with spark-submit (README.md says how), or call build(job) from a notebook or a test.",
    "PLAN.txt says why each step is what it is; stages/ holds the user functions.",
    ...(origin === "" ? [] : ["", origin]),
    '"""',
  ].join("\n");
}
