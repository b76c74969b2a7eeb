import type { Result } from "../diagnostics/diagnostic.js";
import type { ReadPipeline } from "./1-read/read-pipeline.js";
import { stageBinaries } from "./4-physical/stage-binaries.js";
import { emitProject } from "./5-emit/emit-project.js";
import type { ProjectMaterials } from "./5-emit/shared/project-materials.js";
import type { SourceFile } from "./5-emit/source-file.js";
import { type PlannedPipeline, type PlanOptions, planPipeline } from "./plan-pipeline.js";

/** A compiled project: every file of it, and the plans behind it. */
export interface CompiledProject extends PlannedPipeline {
  readonly files: readonly SourceFile[];
}

/**
 * Compiles a pipeline to a project. Pure: the same pipeline, options and materials give the same bytes.
 *
 * @param materials the target's templates and runtime, and the pipeline's artifacts, loaded before
 */
export function compilePipeline(
  read: ReadPipeline,
  options: PlanOptions,
  materials: ProjectMaterials,
): Result<CompiledProject> {
  const planned = planPipeline(read, options);
  if (!planned.ok) return planned;
  const files = emitPlanned(read, planned.value, materials);
  return { ok: true, value: { ...planned.value, files }, warnings: planned.warnings };
}

/** The files of a project whose pipeline was planned before: what `compilePipeline` gives. */
export function emitPlanned(
  read: ReadPipeline,
  { graph, plan, physicalPlan, planText }: PlannedPipeline,
  materials: ProjectMaterials,
): readonly SourceFile[] {
  return emitProject(physicalPlan, {
    ...materials,
    stages: stageBinaries(physicalPlan, plan, graph, read),
    planText,
    pipeline: read.bytes,
    options: `${JSON.stringify(read.options, null, 2)}\n`,
  });
}
