import { createHash } from "node:crypto";
import type { Target } from "../../../src/compiler/4-physical/target.js";
import type { SourceFile } from "../../../src/compiler/5-emit/source-file.js";
import type { CompiledProject } from "../../../src/compiler/compile.js";
import { renderPlanMermaid } from "../../../src/picture/plan-mermaid.js";
import { type Fixture, textOf } from "../support/compile-fixture.js";

/** Files of a project that are the same in every project of one version: copied, not made for a pipeline. */
export function isCopied(path: string): boolean {
  return (
    /^(beam2spark_launcher|beam2spark_runtime|conf|src\/main\/scala\/beam2spark)\//.test(path) ||
    path === "pom.xml" ||
    path === ".scalafmt.conf"
  );
}

/** Where the golden files of a fixture's project for a target are. */
export function goldenFolder(fixture: Fixture, target: Target): string {
  return { pyspark: fixture.expected, scala: fixture.expectedScala }[target];
}

/** The golden files of a fixture's project, by their paths below its folder. */
export function goldenFiles(project: CompiledProject, fixture: Fixture): ReadonlyMap<string, string> {
  const files = {
    pyspark: pysparkFiles,
    scala: fixture.name === "word-count" ? wholeScalaFiles : scalaFiles,
  };
  return files[project.physicalPlan.target](project);
}

function pysparkFiles(project: CompiledProject): ReadonlyMap<string, string> {
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

/** What differs from the same plan on PySpark; one fixture shows the rest of a project. */
function scalaFiles(project: CompiledProject): ReadonlyMap<string, string> {
  return new Map([
    ["Job.scala", textOf(project, "src/main/scala/Job.scala")],
    ["PLAN.txt", textOf(project, "PLAN.txt")],
  ]);
}

function wholeScalaFiles(project: CompiledProject): ReadonlyMap<string, string> {
  return new Map([
    ...scalaFiles(project),
    ["README.md", textOf(project, "README.md")],
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
