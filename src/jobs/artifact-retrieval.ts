import { createReadStream } from "node:fs";
import { join } from "node:path";
import { type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { readSha256 } from "../beam/artifact-sha256.js";
import type { Draft } from "../beam/protos/message-type.js";
import type { ResolveArtifactsRequest, ResolveArtifactsResponse } from "../beam/protos/types/artifact.js";
import { type ArtifactInformation, EmbeddedFilePayload } from "../beam/protos/types/environment.js";
import { URN } from "../beam/urns.js";
import type { RetrievalCall } from "../rpc/artifact-retrieval.js";
import { cutPieces, pieceSize, sendPieces } from "../rpc/send-pieces.js";
import type { Job } from "./job.js";
import { RequestError, toStatus } from "./request-error.js";

/**
 * Beam's `ArtifactRetrievalService`: hands out what was staged, by its SHA-256, and what is embedded.
 *
 * Only content that some job here has staged is ever read, whatever path an artifact names.
 */
export function createArtifactRetrievalService(context: {
  readonly jobs: ReadonlyMap<string, Job>;
  readonly folder: string;
}): UntypedServiceImplementation {
  return {
    ResolveArtifacts: (
      call: { readonly request: ResolveArtifactsRequest },
      callback: sendUnaryData<Draft<ResolveArtifactsResponse>>,
    ) => callback(null, { replacements: call.request.artifacts }),
    GetArtifact: (call: RetrievalCall) => {
      sendArtifact(call, context).then(
        () => call.end(),
        (error: unknown) => call.emit("error", toStatus(error)),
      );
    },
  };
}

async function sendArtifact(
  call: RetrievalCall,
  { jobs, folder }: { readonly jobs: ReadonlyMap<string, Job>; readonly folder: string },
): Promise<void> {
  await sendPieces(call, readPieces(call.request.artifact, jobs, folder));
}

function readPieces(
  artifact: ArtifactInformation | undefined,
  jobs: ReadonlyMap<string, Job>,
  folder: string,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (artifact === undefined) throw new RequestError(status.INVALID_ARGUMENT, "no artifact is named");
  if (artifact.typeUrn === URN.artifactEmbedded) {
    return cutPieces(EmbeddedFilePayload.decode(artifact.typePayload).data);
  }
  const sha256 = readSha256(artifact).toLowerCase();
  const isStaged = [...jobs.values()].some((job) => job.artifacts.some((staged) => staged.sha256 === sha256));
  if (!isStaged) {
    throw new RequestError(status.NOT_FOUND, "no job here has staged a file with the artifact's SHA-256");
  }
  return createReadStream(join(folder, sha256), { highWaterMark: pieceSize });
}
