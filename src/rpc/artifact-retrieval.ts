import type { Metadata } from "@grpc/grpc-js";
import {
  GetArtifactRequest,
  GetArtifactResponse,
  ResolveArtifactsRequest,
  ResolveArtifactsResponse,
} from "../beam/protos/types/artifact.js";
import { codecOf, defineService } from "./define-service.js";
import type { PieceStream } from "./send-pieces.js";

/** `ArtifactRetrievalService` of artifact.proto, which runners serve to clients and to workers. */
export const artifactRetrievalService = defineService(
  "org.apache.beam.model.job_management.v1.ArtifactRetrievalService",
  {
    ResolveArtifacts: {
      request: codecOf(ResolveArtifactsRequest),
      response: codecOf(ResolveArtifactsResponse),
    },
    GetArtifact: {
      request: codecOf(GetArtifactRequest),
      response: codecOf(GetArtifactResponse),
      responseStream: true,
    },
  },
);

/** A call of its GetArtifact. */
export interface RetrievalCall extends PieceStream {
  readonly request: GetArtifactRequest;
  readonly metadata: Metadata;
  end(): void;
  emit(event: "error", error: object): boolean;
}
