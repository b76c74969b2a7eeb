import type { PhysicalPlan } from "../../4-physical/physical-plan.js";
import type { TemplateTexts } from "../shared/templates.js";
import type { SourceFile } from "../source-file.js";
import { emitJob } from "./emit-job.js";
import { emitReadme } from "./emit-readme.js";
import { compileScalaTemplates } from "./templates.js";

/** The files that only a Scala project has. */
export function emitScalaFiles(plan: PhysicalPlan, texts: TemplateTexts): readonly SourceFile[] {
  const templates = compileScalaTemplates(texts);
  return [emitJob(plan, templates), emitReadme(plan, templates)];
}
