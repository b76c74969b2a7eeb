import type { Result } from "../../diagnostics/diagnostic.js";

/** A file that an environment of the pipeline needs, as it was captured. */
export interface Artifact {
  /** The environment's id in the pipeline. */
  readonly environment: string;
  /** What the file is for: a URN, and its payload as the SDK wrote it. */
  readonly roleUrn: string;
  readonly rolePayload: Uint8Array;
  /** The name under which the worker expects the file, a relative path without `..`; null where the role has none. */
  readonly stagedName: string | null;
  /** The content's SHA-256 in hexadecimal, where whoever took the file wrote it down. */
  readonly sha256: string | null;
  /** Bytes of the content. */
  readonly size: number;
  /** Reads the content, and checks size and SHA-256. Fails with `read/artifact-damaged` or `read/artifact-missing`. */
  load(): Promise<Result<Uint8Array>>;
}
