import type { JsonObject } from "../../src/compiler/1-read/json.js";
import { type ReadPipeline, readPipeline } from "../../src/compiler/1-read/read-pipeline.js";
import type { Result } from "../../src/diagnostics/diagnostic.js";
import { formatDiagnostics } from "../../src/diagnostics/format.js";

export const read = (content: Uint8Array): Result<ReadPipeline> =>
  readPipeline({ name: "test", content, options: {}, artifacts: [] });
export const readJson = (json: JsonObject): Result<ReadPipeline> =>
  read(new TextEncoder().encode(JSON.stringify(json)));

export function unwrap(result: Result<ReadPipeline>): ReadPipeline {
  if (!result.ok) throw new Error(formatDiagnostics(result.diagnostics));
  return result.value;
}
