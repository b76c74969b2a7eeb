// Made from proto/beam/provision.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";
import type { ArtifactInformation } from "./environment.js";
import type { Struct } from "./google.js";

export interface GetProvisionInfoRequest extends Message {}

export const GetProvisionInfoRequest: MessageType<GetProvisionInfoRequest> = messageType(
  "provision.proto",
  "org.apache.beam.model.fn_execution.v1.GetProvisionInfoRequest",
);

export interface GetProvisionInfoResponse extends Message {
  readonly info: ProvisionInfo | undefined;
}

export const GetProvisionInfoResponse: MessageType<GetProvisionInfoResponse> = messageType(
  "provision.proto",
  "org.apache.beam.model.fn_execution.v1.GetProvisionInfoResponse",
);

export interface ProvisionInfo extends Message {
  readonly pipelineOptions: Struct | undefined;
  /** For the older way to fetch artifacts: empty where there are none. */
  readonly retrievalToken: string;
  readonly statusEndpoint: ApiServiceDescriptor | undefined;
  readonly loggingEndpoint: ApiServiceDescriptor | undefined;
  readonly artifactEndpoint: ApiServiceDescriptor | undefined;
  readonly controlEndpoint: ApiServiceDescriptor | undefined;
  readonly dependencies: readonly ArtifactInformation[];
  readonly runnerCapabilities: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly siblingWorkerIds: readonly string[];
}

export const ProvisionInfo: MessageType<ProvisionInfo> = messageType(
  "provision.proto",
  "org.apache.beam.model.fn_execution.v1.ProvisionInfo",
);
