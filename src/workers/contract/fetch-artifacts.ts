import { createHash } from "node:crypto";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Client, Metadata } from "@grpc/grpc-js";
import { artifactFileName } from "../../beam/artifact-file-name.js";
import { type ArtifactLimits, artifactLimits } from "../../beam/artifact-limits.js";
import { readSha256 } from "../../beam/artifact-sha256.js";
import type {
  GetArtifactRequest,
  GetArtifactResponse,
  ResolveArtifactsRequest,
  ResolveArtifactsResponse,
} from "../../beam/protos/types/artifact.js";
import { ArtifactFilePayload, type ArtifactInformation } from "../../beam/protos/types/environment.js";
import { isPlainPath, stagedNameOf } from "../../beam/staged-name.js";
import { URN } from "../../beam/urns.js";
import { artifactService } from "../../fnhost/fn-api.js";
import { callMethod, callStream } from "../../rpc/call-service.js";
import { startFailure } from "../start-failure.js";

const patience = 60_000;

/** A file that lies in a worker's folder now. */
export interface FetchedArtifact {
  /** Its path below the folder. */
  readonly name: string;
  readonly roleUrn: string;
  readonly sha256: string;
}

/** Where artifacts come from and go. */
export interface ArtifactFetch {
  readonly client: Client;
  readonly metadata: Metadata;
  readonly dependencies: readonly ArtifactInformation[];
  /** The folder that they go to; it is there. */
  readonly folder: string;
  readonly limits?: ArtifactLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches what a worker depends on: asks which files stand for it, and takes each under its name. Names that are no
 * plain paths below the folder are refused, and so is content that is too long or not that of the SHA-256.
 *
 * Errors: a WorkerNotStartedError; what was written until then stays in the folder.
 */
export async function fetchArtifacts(fetch: ArtifactFetch): Promise<readonly FetchedArtifact[]> {
  const { client, metadata, dependencies, limits = artifactLimits, signal } = fetch;
  if (dependencies.length === 0) return [];
  const { replacements } = await callMethod<ResolveArtifactsRequest, ResolveArtifactsResponse>(
    client,
    artifactService.ResolveArtifacts!,
    { artifacts: dependencies },
    { metadata, milliseconds: patience, signal },
  );
  const fetched = new Map<string, FetchedArtifact>();
  let left = limits.job;
  for (const [index, artifact] of replacements.entries()) {
    const name = nameOf(artifact, index);
    const sha256 = readSha256(artifact).toLowerCase();
    const before = fetched.get(name);
    if (before !== undefined && before.sha256 === sha256) continue;
    try {
      const file = await fetchFile(artifact, name, Math.min(limits.artifact, left), fetch);
      left -= file.size;
      if (sha256 !== "" && file.sha256 !== sha256) {
        throw new Error(`its SHA-256 is ${file.sha256.slice(0, 16)}…, not ${sha256.slice(0, 16)}…`);
      }
      fetched.set(name, { name, roleUrn: artifact.roleUrn, sha256: file.sha256 });
    } catch (error) {
      throw startFailure("worker/artifact-refused", { name, reason: (error as Error).message });
    }
  }
  return [...fetched.values()];
}

function nameOf(artifact: ArtifactInformation, index: number): string {
  const name = artifactFileName(artifact);
  if (name !== null) return name;
  const staged = stagedNameOf(artifact);
  if (staged !== null) {
    const reason = "its name is no plain path below the worker's folder";
    throw startFailure("worker/artifact-refused", { name: JSON.stringify(staged), reason });
  }
  if (artifact.typeUrn === URN.artifactFile) {
    const base = basename(ArtifactFilePayload.decode(artifact.typePayload).path);
    if (isPlainPath(base)) return base;
  }
  return `artifact-${index + 1}`;
}

async function fetchFile(
  artifact: ArtifactInformation,
  name: string,
  limit: number,
  { client, metadata, folder, signal }: ArtifactFetch,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx", 0o600);
  const ending = new AbortController();
  const pieces = callStream<GetArtifactRequest, GetArtifactResponse>(
    client,
    artifactService.GetArtifact!,
    { artifact },
    { metadata, milliseconds: 0, signal: signal ? AbortSignal.any([signal, ending.signal]) : ending.signal },
  );
  try {
    return await storePieces(pieces, file, limit);
  } finally {
    ending.abort();
    await file.close();
  }
}

async function storePieces(
  pieces: AsyncIterable<GetArtifactResponse>,
  file: FileHandle,
  limit: number,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const { data } of pieces) {
    size += data.length;
    if (size > limit) throw new Error(`it has more than ${limit} bytes`);
    hash.update(data);
    await file.writeFile(data);
  }
  return { size, sha256: hash.digest("hex") };
}
