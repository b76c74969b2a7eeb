import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import { describeOrigin } from "../shared/describe-pipeline.js";
import { nodeComment } from "../shared/node-comment.js";
import type { Templates } from "../shared/templates.js";
import { viewContext } from "../shared/view-context.js";
import type { SourceFile } from "../source-file.js";
import { cutIntoParts } from "./cut-into-parts.js";
import { viewOf } from "./node-view.js";
import { scalaNames } from "./scala-names.js";

/** The functions of the runtime that a job may call, and the objects that hold them, in the order of their imports. */
const runtimeFunctions = {
  ExactSum: ["exactSum"],
  IeeeBounds: ["ieeeMax", "ieeeMin"],
  IeeeSum: ["ieeeSum"],
  WrappingSum: ["wrappingSum"],
};

/** The objects of the runtime whose functions a job may call by the objects' names: its typed aggregators. */
const runtimeAggregators = ["Largest", "Smallest"];

/** The functions of Spark's that a job may call. */
const sparkFunctions = ["avg", "col", "count", "expr", "lit", "max", "min", "struct", "sum"];

/** `Job.scala`: one block per plan node, with what it does, in which lane, by which API, and why. */
export function emitJob(plan: PhysicalPlan, templates: Templates): SourceFile {
  const names = scalaNames(plan);
  const context = viewContext(plan, names);
  const cut = cutIntoParts(plan.nodes, names);
  const indent = cut.length === 1 ? "    " : "      ";
  const parts = cut.map((part) => ({
    ...part,
    nodes: part.nodes.map((node) => ({
      comment: nodeComment(node, { mark: "// ", indent }),
      code: templates.render(`nodes/${node.kind}.hbs`, { ...viewOf(node, context), indent }).trimEnd(),
    })),
  }));
  const code = withoutStrings(parts.flatMap(({ nodes }) => nodes.map(({ code }) => code)).join("\n"));
  const content = templates.render("src/main/scala/Job.scala.hbs", {
    imports: importsOf(code),
    origin: describeOrigin(plan),
    nodes: parts.length === 1 ? parts[0]!.nodes : [],
    parts: parts.length === 1 ? [] : parts,
  });
  return { path: "src/main/scala/Job.scala", content };
}

/** Whether code calls a function that is no method. */
function calls(name: string, code: string): boolean {
  return new RegExp(`(?<![.\\w])${name}\\(`).test(code);
}

/** Whether code calls a function of an object. */
function callsPartOf(name: string, code: string): boolean {
  return new RegExp(`(?<![.\\w])${name}\\.`).test(code);
}

/** Import lines, of what is used. */
function importsOf(code: string): readonly string[] {
  const line = (holder: string, names: readonly string[], isUsed = calls): readonly string[] => {
    const used = names.filter((name) => isUsed(name, code));
    return used.length === 0 ? [] : [`import ${holder}.${braced(used)}`];
  };
  return [
    ...Object.entries(runtimeFunctions).flatMap(([holder, names]) =>
      line(`beam2spark.runtime.${holder}`, names),
    ),
    ...line("beam2spark.runtime.aggregators", runtimeAggregators, callsPartOf),
    "import beam2spark.runtime.{EmittedJob, JobContext}",
    ...line("org.apache.spark.sql.functions", sparkFunctions),
  ];
}

function braced(names: readonly string[]): string {
  return names.length > 1 ? `{${names.join(", ")}}` : names.join();
}

/** Code with its string literals emptied: what is imported must not depend on what a file is called. */
function withoutStrings(code: string): string {
  return code.replace(/"(?:[^"\\]|\\.)*"/g, '""');
}
