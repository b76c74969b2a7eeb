// Made from proto/beam/endpoints.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";

/** An address that speaks gRPC, and how to prove who one is there. */
export interface ApiServiceDescriptor extends Message {
  readonly url: string;
  readonly authentication: AuthenticationSpec | undefined;
}

export const ApiServiceDescriptor: MessageType<ApiServiceDescriptor> = messageType(
  "endpoints.proto",
  "org.apache.beam.model.pipeline.v1.ApiServiceDescriptor",
);

/** A way of authentication, by URN. */
export interface AuthenticationSpec extends Message {
  readonly urn: string;
  readonly payload: Uint8Array;
}

export const AuthenticationSpec: MessageType<AuthenticationSpec> = messageType(
  "endpoints.proto",
  "org.apache.beam.model.pipeline.v1.AuthenticationSpec",
);
