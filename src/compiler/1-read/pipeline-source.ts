import type { Artifact } from "./artifact.js";
import type { JsonObject } from "./json.js";

/** A pipeline before anything of it was looked at, with what came beside it. */
export interface PipelineSource {
  /** What people call it: the file's or the job's name, without folder and extension. */
  readonly name: string;
  /** A `Pipeline` proto, binary or as canonical proto JSON: told apart by what the bytes are. */
  readonly content: Uint8Array;
  /** The pipeline options, `beam:option:<name>:v1` to value; empty where none came along. */
  readonly options: JsonObject;
  readonly artifacts: readonly Artifact[];
}
