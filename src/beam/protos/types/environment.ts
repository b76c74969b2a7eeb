// Made from proto/beam/environment.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";
import type { DisplayData } from "./function-spec.js";

/**
 * Where the functions of some transforms run: the kind of place (the URN), what the SDK there can do, and
 * what it needs.
 */
export interface Environment extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
  readonly displayData: readonly DisplayData[];
  /** URNs of coders, protocols and transforms that the SDK in this environment understands. */
  readonly capabilities: readonly string[];
  /** Files that must be in place before the worker starts. */
  readonly dependencies: readonly ArtifactInformation[];
  readonly resourceHints: ReadonlyMap<string, Uint8Array>;
}

export const Environment: MessageType<Environment> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.Environment",
);

/** `beam:env:docker:v1`: a container image that follows Beam's container contract. */
export interface DockerPayload extends Message {
  readonly containerImage: string;
}

export const DockerPayload: MessageType<DockerPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.DockerPayload",
);

/** `beam:env:process:v1`: a command that starts a worker on the same machine. Empty `os` and `arch` mean any. */
export interface ProcessPayload extends Message {
  readonly os: string;
  readonly arch: string;
  readonly command: string;
  readonly env: ReadonlyMap<string, string>;
}

export const ProcessPayload: MessageType<ProcessPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ProcessPayload",
);

/** `beam:env:external:v1`: a service that starts workers when asked; what LOOPBACK is. */
export interface ExternalPayload extends Message {
  readonly endpoint: ApiServiceDescriptor | undefined;
  readonly params: ReadonlyMap<string, string>;
}

export const ExternalPayload: MessageType<ExternalPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ExternalPayload",
);

/** `beam:env:anyof:v1`: the runner takes whichever of these it can. */
export interface AnyOfEnvironmentPayload extends Message {
  readonly environments: readonly Environment[];
}

export const AnyOfEnvironmentPayload: MessageType<AnyOfEnvironmentPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.AnyOfEnvironmentPayload",
);

/** One file: where it can be had (type) and what it is for (role), both by URN. */
export interface ArtifactInformation extends Message {
  readonly typeUrn: string;
  readonly typePayload: Uint8Array;
  readonly roleUrn: string;
  readonly rolePayload: Uint8Array;
}

export const ArtifactInformation: MessageType<ArtifactInformation> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ArtifactInformation",
);

/** `beam:artifact:type:file:v1`: a path that whoever wrote this message can read. */
export interface ArtifactFilePayload extends Message {
  readonly path: string;
  readonly sha256: string;
}

export const ArtifactFilePayload: MessageType<ArtifactFilePayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ArtifactFilePayload",
);

/** `beam:artifact:type:url:v1`: an address to fetch from. */
export interface ArtifactUrlPayload extends Message {
  readonly url: string;
  readonly sha256: string;
}

export const ArtifactUrlPayload: MessageType<ArtifactUrlPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ArtifactUrlPayload",
);

/** `beam:artifact:type:embedded:v1`: the content itself. */
export interface EmbeddedFilePayload extends Message {
  readonly data: Uint8Array;
}

export const EmbeddedFilePayload: MessageType<EmbeddedFilePayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.EmbeddedFilePayload",
);

/** `beam:artifact:type:pypi:v1`: a Python package by name and version specifier. */
export interface PyPIPayload extends Message {
  readonly artifactId: string;
  readonly version: string;
}

export const PyPIPayload: MessageType<PyPIPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.PyPIPayload",
);

/** `beam:artifact:type:maven:v1`: a Maven coordinate, from the central repository unless one is named. */
export interface MavenPayload extends Message {
  readonly artifact: string;
  readonly repositoryUrl: string;
}

export const MavenPayload: MessageType<MavenPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.MavenPayload",
);

/** `beam:artifact:type:deferred:v1`: to be resolved later, by whoever understands `data`. */
export interface DeferredArtifactPayload extends Message {
  readonly key: string;
  readonly data: Uint8Array;
}

export const DeferredArtifactPayload: MessageType<DeferredArtifactPayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.DeferredArtifactPayload",
);

/** `beam:artifact:role:staging_to:v1`: the name under which the worker expects the file. */
export interface ArtifactStagingToRolePayload extends Message {
  readonly stagedName: string;
}

export const ArtifactStagingToRolePayload: MessageType<ArtifactStagingToRolePayload> = messageType(
  "environment.proto",
  "org.apache.beam.model.pipeline.v1.ArtifactStagingToRolePayload",
);
