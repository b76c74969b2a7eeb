import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { SourceFile } from "../source-file.js";
import { emitLauncher } from "./emit-launcher.js";
import { planJson } from "./emit-plan.js";
import { emitStages } from "./emit-stages.js";
import type { ProjectParts } from "./project-materials.js";

/** The README of a target's templates is for their developers; a project's own is rendered. */
const forDevelopers = "README.md";

/** The files that projects of every target have: the plan, the stages, the runtime, the launcher and the host. */
export function emitSharedFiles(plan: PhysicalPlan, parts: ProjectParts): readonly SourceFile[] {
  const copied = [...parts.templates]
    .filter(([path]) => !path.endsWith(".hbs") && path !== forDevelopers)
    .map(([path, content]) => ({ path, content }));
  const host = plan.nodes.some(({ lane }) => lane === "fn-api") ? parts.host : [];
  return [
    ...copied,
    ...below("beam2spark_launcher", parts.launcher),
    ...below("beam2spark_host", host),
    ...below("artifacts", parts.artifacts),
    ...emitLauncher(),
    ...emitStages(plan, parts.stages),
    { path: "PLAN.txt", content: parts.planText },
    { path: "plan.json", content: planJson(plan) },
    { path: "pipeline.pb", content: parts.pipeline },
    { path: "pipeline_options.json", content: parts.options },
  ];
}

function below(folder: string, files: readonly SourceFile[]): readonly SourceFile[] {
  return files.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
}
