import { createHash } from "node:crypto";
import { constants, copyFile, type FileHandle, mkdir, open } from "node:fs/promises";
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
import { artifactRetrievalService } from "../../rpc/artifact-retrieval.js";
import { callMethod, callStream } from "../../rpc/call-service.js";
import { startFailure } from "../start-failure.js";
import type { ArtifactStore } from "./artifact-store.js";

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
  /** Where files that other workers want too are kept. */
  readonly store: ArtifactStore;
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
    artifactRetrievalService.ResolveArtifacts!,
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
      const file = await placeFile(artifact, { name, sha256, limit: Math.min(limits.artifact, left) }, fetch);
      left -= file.size;
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

interface WantedFile {
  readonly name: string;
  /** Empty where it is not known. */
  readonly sha256: string;
  /** Most bytes that it may have. */
  readonly limit: number;
}

interface ReceivedFile {
  readonly size: number;
  readonly sha256: string;
}

async function placeFile(
  artifact: ArtifactInformation,
  { name, sha256, limit }: WantedFile,
  fetch: ArtifactFetch,
): Promise<ReceivedFile> {
  const path = join(fetch.folder, name);
  await mkdir(dirname(path), { recursive: true });
  if (sha256 === "") return fetchFile(artifact, path, limit, fetch);
  const fetchChecked = async (stored: string): Promise<number> => {
    const received = await fetchFile(artifact, stored, limit, fetch);
    if (received.sha256 === sha256) return received.size;
    throw new Error(`its SHA-256 is ${received.sha256.slice(0, 16)}…, not ${sha256.slice(0, 16)}…`);
  };
  return fetch.store.borrow(sha256, fetchChecked, async (stored, size) => {
    if (size > limit) throw new Error(`it has more than ${limit} bytes`);
    await copyFile(stored, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return { size, sha256 };
  });
}

async function fetchFile(
  artifact: ArtifactInformation,
  path: string,
  limit: number,
  { client, metadata, signal }: ArtifactFetch,
): Promise<ReceivedFile> {
  const file = await open(path, "wx", 0o600);
  const ending = new AbortController();
  const pieces = callStream<GetArtifactRequest, GetArtifactResponse>(
    client,
    artifactRetrievalService.GetArtifact!,
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
): Promise<ReceivedFile> {
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
