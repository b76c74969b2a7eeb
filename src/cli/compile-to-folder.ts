import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import { writeProject } from "../compiler/6-write/write-project.js";
import { type CompiledProject, compilePipeline } from "../compiler/compile.js";
import { loadMaterials } from "../compiler/load-materials.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { readSource } from "./read-source.js";

/** Options of `compile`, as far as they matter to what is written. */
export interface CompileRequest {
  readonly pipeline: string;
  readonly folder: string;
  readonly failOnFallback: boolean;
  readonly lane?: LaneChoice;
  readonly force: boolean;
}

/** A project that was written, and where. */
export interface WrittenProject {
  readonly project: CompiledProject;
  readonly folder: string;
}

/** Reads, compiles and writes: nothing is written unless all of it goes well. Errors: those of each phase. */
export async function compileToFolder(request: CompileRequest): Promise<Result<WrittenProject>> {
  const read = await readSource(request.pipeline);
  if (!read.ok) return read;
  const materials = await loadMaterials(read.value.artifacts);
  if (!materials.ok) return materials;
  const { failOnFallback, lane = "auto" } = request;
  const options = { target: "pyspark", failOnFallback, lane } as const;
  const compiled = compilePipeline(read.value, options, materials.value);
  if (!compiled.ok) return compiled;
  const written = await writeProject(compiled.value.files, request.folder, { force: request.force });
  if (!written.ok) return written;
  const warnings = [...read.warnings, ...materials.warnings, ...compiled.warnings];
  return { ok: true, value: { project: compiled.value, folder: written.value }, warnings };
}
