import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { TemplateTexts } from "../shared/templates.js";
import type { SourceFile } from "../source-file.js";
import { emitJob } from "./emit-job.js";
import { emitReadme } from "./emit-readme.js";
import { compilePysparkTemplates } from "./templates.js";

/** The files that only a PySpark project has. */
export function emitPysparkFiles(plan: PhysicalPlan, texts: TemplateTexts): readonly SourceFile[] {
  const templates = compilePysparkTemplates(texts);
  return [
    emitJob(plan, templates),
    emitReadme(plan, templates),
    { path: "pyproject.toml", content: "[tool.ruff]\nline-length = 100\n" },
  ];
}
