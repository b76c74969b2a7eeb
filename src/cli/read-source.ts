import { loadPipeline } from "../compiler/1-read/load/load-pipeline.js";
import { type ReadPipeline, readPipeline } from "../compiler/1-read/read-pipeline.js";
import type { Result } from "../diagnostics/diagnostic.js";

/** Loads and reads what the user names as PIPELINE. Errors: `read/…`. */
export async function readSource(path: string): Promise<Result<ReadPipeline>> {
  const source = await loadPipeline(path);
  if (!source.ok) return source;
  const read = readPipeline(source.value);
  return read.ok ? { ...read, warnings: [...source.warnings, ...read.warnings] } : read;
}
