import { createReadStream } from "node:fs";
import { type Metadata, type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft } from "../beam/protos/message-type.js";
import type { ResolveArtifactsRequest, ResolveArtifactsResponse } from "../beam/protos/types/artifact.js";
import { ArtifactInformation, EmbeddedFilePayload } from "../beam/protos/types/environment.js";
import { URN } from "../beam/urns.js";
import type { RetrievalCall } from "../rpc/artifact-retrieval.js";
import { cutPieces, pieceSize, sendPieces } from "../rpc/send-pieces.js";
import type { HostedArtifact } from "./hosted-artifact.js";
import { unknownWorker } from "./worker-call.js";
import type { Workers } from "./workers.js";

const unknownArtifact = {
  code: status.NOT_FOUND,
  details: "the worker's environment has no such artifact",
} as const;

/**
 * Beam's `ArtifactRetrievalService` for workers: a worker may fetch what its own environment depends on, which is
 * found by what the worker was told of it and not by a path, and content that is embedded.
 */
export function createArtifactService(workers: Workers): UntypedServiceImplementation {
  return {
    ResolveArtifacts: (
      call: { readonly request: ResolveArtifactsRequest; readonly metadata: Metadata },
      callback: sendUnaryData<Draft<ResolveArtifactsResponse>>,
    ) => {
      if (workers.of(call.metadata) === null) callback(unknownWorker);
      else callback(null, { replacements: call.request.artifacts });
    },
    GetArtifact: (call: RetrievalCall) => {
      const worker = workers.of(call.metadata);
      if (worker === null) {
        call.emit("error", unknownWorker);
        return;
      }
      const { artifact } = call.request;
      const pieces =
        artifact?.typeUrn === URN.artifactEmbedded
          ? cutPieces(EmbeddedFilePayload.decode(artifact.typePayload).data)
          : readHosted(artifact, worker.facts.artifacts ?? []);
      if (pieces === null) {
        call.emit("error", unknownArtifact);
        return;
      }
      sendPieces(call, pieces).then(
        () => call.end(),
        (error: Error) => call.emit("error", { code: status.INTERNAL, details: error.message }),
      );
    },
  };
}

function readHosted(
  asked: ArtifactInformation | undefined,
  artifacts: readonly HostedArtifact[],
): AsyncIterable<Uint8Array> | null {
  if (asked === undefined) return null;
  const wanted = ArtifactInformation.encode(asked);
  const found = artifacts.find(({ information }) => isSame(ArtifactInformation.encode(information), wanted));
  return found?.path ? createReadStream(found.path, { highWaterMark: pieceSize }) : null;
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
