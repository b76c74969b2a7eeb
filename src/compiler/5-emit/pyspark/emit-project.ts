import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { StageBinary } from "../../4-physical/stage-binaries.js";
import type { SourceFile } from "../source-file.js";
import { emitJob } from "./emit-job.js";
import { emitLauncher } from "./emit-launcher.js";
import { planJson } from "./emit-plan.js";
import { emitReadme } from "./emit-readme.js";
import { emitStages } from "./emit-stages.js";
import { compileTemplates, type TemplateTexts } from "./templates.js";

/** What is loaded before a pipeline is compiled. */
export interface ProjectMaterials {
  /** Texts of `templates/pyspark`: `.hbs` files are rendered, everything else is copied byte for byte. */
  readonly templates: TemplateTexts;
  /** The built `beam2spark_launcher/`. */
  readonly launcher: readonly SourceFile[];
  /** The built `beam2spark_host/`, for projects that have functions in workers of their SDK. */
  readonly host: readonly SourceFile[];
  /** The staged files by the names under which workers expect them. */
  readonly artifacts: readonly SourceFile[];
}

/** What a project is made of beside its plan. */
export interface ProjectParts extends ProjectMaterials {
  readonly stages: ReadonlyMap<string, StageBinary>;
  /** PLAN.txt. */
  readonly planText: string;
  /** The pipeline as it was read, byte for byte where it was a proto. */
  readonly pipeline: Uint8Array;
  /** The pipeline's options as JSON text. */
  readonly options: string;
}

/** Every file of a PySpark project, sorted by path. The same parts give the same bytes. */
export function emitProject(plan: PhysicalPlan, parts: ProjectParts): readonly SourceFile[] {
  const templates = compileTemplates(parts.templates);
  const copied = [...parts.templates]
    .filter(([path]) => !path.endsWith(".hbs"))
    .map(([path, content]) => ({ path, content }));
  const files: readonly SourceFile[] = [
    ...copied,
    ...parts.launcher.map(({ path, content }) => ({ path: `beam2spark_launcher/${path}`, content })),
    ...(plan.nodes.some(({ lane }) => lane === "fn-api") ? parts.host : []).map(({ path, content }) => ({
      path: `beam2spark_host/${path}`,
      content,
    })),
    ...parts.artifacts.map(({ path, content }) => ({ path: `artifacts/${path}`, content })),
    ...emitLauncher(),
    ...emitStages(plan, parts.stages),
    emitJob(plan, templates),
    emitReadme(plan, templates),
    { path: "PLAN.txt", content: parts.planText },
    { path: "plan.json", content: planJson(plan) },
    { path: "pipeline.pb", content: parts.pipeline },
    { path: "pipeline_options.json", content: parts.options },
    { path: "pyproject.toml", content: "[tool.ruff]\nline-length = 100\n" },
  ];
  return [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
}
