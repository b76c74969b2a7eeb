import { readFile } from "node:fs/promises";
import type { LaneChoice } from "../compiler/3-plan/support/lanes.js";
import type { Target } from "../compiler/4-physical/target.js";
import type { SourceFile } from "../compiler/5-emit/source-file.js";
import { writeProject } from "../compiler/6-write/write-project.js";
import { type CompiledProject, compilePipeline } from "../compiler/compile.js";
import { loadMaterials } from "../compiler/load-materials.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { readSource } from "./read-source.js";

/** Options of `compile`, as far as they matter to what is written. */
export interface CompileRequest {
  readonly pipeline: string;
  readonly folder: string;
  readonly target: Target;
  readonly failOnFallback: boolean;
  readonly lane?: LaneChoice;
  /** Whether this machine's Node.js travels with a project that has a Fn API host. */
  readonly bundleNode?: boolean;
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
  const materials = await loadMaterials(request.target, read.value.artifacts);
  if (!materials.ok) return materials;
  const { target, failOnFallback, lane = "auto" } = request;
  const options = { target, failOnFallback, lane };
  const { host } = materials.value;
  const node = request.bundleNode === true ? [await loadNode()] : [];
  const compiled = compilePipeline(read.value, options, { ...materials.value, host: [...host, ...node] });
  if (!compiled.ok) return compiled;
  const written = await writeProject(compiled.value.files, request.folder, { force: request.force });
  if (!written.ok) return written;
  const warnings = [...read.warnings, ...materials.warnings, ...compiled.warnings];
  return { ok: true, value: { project: compiled.value, folder: written.value }, warnings };
}

/** The Node.js that runs us, for executors of the same kind of machine that have none. */
async function loadNode(): Promise<SourceFile> {
  return { path: "node", content: await readFile(process.execPath) };
}
