// Made from proto/beam/artifact.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ArtifactInformation } from "./environment.js";

/** Which of these artifacts does the receiver want in another form? */
export interface ResolveArtifactsRequest extends Message {
  readonly artifacts: readonly ArtifactInformation[];
  /** Types that the asker can use, the best first; none means any. */
  readonly preferredUrns: readonly string[];
}

export const ResolveArtifactsRequest: MessageType<ResolveArtifactsRequest> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.ResolveArtifactsRequest",
);

/** One replacement for all of the request's artifacts together; as many as it takes. */
export interface ResolveArtifactsResponse extends Message {
  readonly replacements: readonly ArtifactInformation[];
}

export const ResolveArtifactsResponse: MessageType<ResolveArtifactsResponse> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.ResolveArtifactsResponse",
);

export interface GetArtifactRequest extends Message {
  readonly artifact: ArtifactInformation | undefined;
}

export const GetArtifactRequest: MessageType<GetArtifactRequest> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.GetArtifactRequest",
);

/** A piece of the content. */
export interface GetArtifactResponse extends Message {
  readonly data: Uint8Array;
}

export const GetArtifactResponse: MessageType<GetArtifactResponse> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.GetArtifactResponse",
);

/** One question to the client. */
export interface ArtifactRequestWrapper extends Message {
  /** One of `request`. */
  readonly resolveArtifact: ResolveArtifactsRequest | undefined;
  /** One of `request`. */
  readonly getArtifact: GetArtifactRequest | undefined;
}

export const ArtifactRequestWrapper: MessageType<ArtifactRequestWrapper> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.ArtifactRequestWrapper",
);

/** One piece of the client's answer. */
export interface ArtifactResponseWrapper extends Message {
  /** In the first message of the call alone. */
  readonly stagingToken: string;
  /** Nothing more follows for this question. */
  readonly isLast: boolean;
  /** One of `response`. */
  readonly resolveArtifactResponse: ResolveArtifactsResponse | undefined;
  /** One of `response`. */
  readonly getArtifactResponse: GetArtifactResponse | undefined;
}

export const ArtifactResponseWrapper: MessageType<ArtifactResponseWrapper> = messageType(
  "artifact.proto",
  "org.apache.beam.model.job_management.v1.ArtifactResponseWrapper",
);
