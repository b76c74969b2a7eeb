// Made from proto/beam/worker-pool.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";

export interface StartWorkerRequest extends Message {
  readonly workerId: string;
  readonly controlEndpoint: ApiServiceDescriptor | undefined;
  readonly loggingEndpoint: ApiServiceDescriptor | undefined;
  readonly artifactEndpoint: ApiServiceDescriptor | undefined;
  readonly provisionEndpoint: ApiServiceDescriptor | undefined;
  readonly params: ReadonlyMap<string, string>;
}

export const StartWorkerRequest: MessageType<StartWorkerRequest> = messageType(
  "worker-pool.proto",
  "org.apache.beam.model.fn_execution.v1.StartWorkerRequest",
);

/** A non-empty `error` says that the worker did not start, and why. */
export interface StartWorkerResponse extends Message {
  readonly error: string;
}

export const StartWorkerResponse: MessageType<StartWorkerResponse> = messageType(
  "worker-pool.proto",
  "org.apache.beam.model.fn_execution.v1.StartWorkerResponse",
);

export interface StopWorkerRequest extends Message {
  readonly workerId: string;
}

export const StopWorkerRequest: MessageType<StopWorkerRequest> = messageType(
  "worker-pool.proto",
  "org.apache.beam.model.fn_execution.v1.StopWorkerRequest",
);

export interface StopWorkerResponse extends Message {
  readonly error: string;
}

export const StopWorkerResponse: MessageType<StopWorkerResponse> = messageType(
  "worker-pool.proto",
  "org.apache.beam.model.fn_execution.v1.StopWorkerResponse",
);
