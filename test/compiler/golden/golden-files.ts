import { createHash } from "node:crypto";
import type { SourceFile } from "../../../src/compiler/5-emit/source-file.js";
import type { CompiledProject } from "../../../src/compiler/compile.js";
import { renderPlanMermaid } from "../../../src/picture/plan-mermaid.js";
import { textOf } from "../support/compile-fixture.js";

/** Files of a project that are the same in every project of one version: copied, not made for a pipeline. */
export function isCopied(path: string): boolean {
  return /^(beam2spark_launcher|beam2spark_runtime|conf)\//.test(path);
}

/** The golden files of a project, by their paths below `expected/`. */
export function goldenFiles(project: CompiledProject): ReadonlyMap<string, string> {
  const shown = ["PLAN.txt", "plan.json", "job.py", "launcher.ts", "README.md"];
  const stages = project.files
    .map(({ path }) => path)
    .filter((path) => path.startsWith("stages/") && path.endsWith(".json"));
  return new Map([
    ...[...shown, ...stages].map((path) => [path, textOf(project, path)] as const),
    ["plan.mmd", renderPlanMermaid(project.physicalPlan)],
    ["files.txt", listMade(project.files)],
  ]);
}

/** Every file that was made for the pipeline, with the hash of its bytes. */
function listMade(files: readonly SourceFile[]): string {
  return files
    .filter(({ path }) => !isCopied(path))
    .map(({ path, content }) => `${createHash("sha256").update(content).digest("hex")}  ${path}\n`)
    .join("");
}
