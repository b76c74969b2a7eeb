import type { PhysicalPlan } from "../4-physical/physical-plan.js";
import type { Target } from "../4-physical/target.js";
import { emitPysparkFiles } from "./pyspark/emit-pyspark-files.js";
import { emitScalaFiles } from "./scala/emit-scala-files.js";
import { emitSharedFiles } from "./shared/emit-shared-files.js";
import type { ProjectParts } from "./shared/project-materials.js";
import type { TemplateTexts } from "./shared/templates.js";
import type { SourceFile } from "./source-file.js";

type Emitter = (plan: PhysicalPlan, templates: TemplateTexts) => readonly SourceFile[];

/** What only projects of a target have. */
const emitters = {
  pyspark: emitPysparkFiles,
  scala: emitScalaFiles,
} satisfies Readonly<Record<Target, Emitter>>;

/** Every file of a project, sorted by path. The same parts give the same bytes. */
export function emitProject(plan: PhysicalPlan, parts: ProjectParts): readonly SourceFile[] {
  const files = [...emitSharedFiles(plan, parts), ...emitters[plan.target](plan, parts.templates)];
  return files.sort((left, right) => (left.path < right.path ? -1 : 1));
}
