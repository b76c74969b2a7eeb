import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import type { Message, MessageType } from "../beam/protos/message-type.js";

/** How a message becomes bytes, and bytes a message. */
export interface Codec {
  readonly serialize: (message: object) => Buffer;
  readonly deserialize: (bytes: Buffer) => object;
}

/** One method of a service. */
export interface Method {
  readonly request: Codec;
  readonly response: Codec;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

/**
 * A service for gRPC's server or client.
 *
 * @param fullName with its package, as in the .proto file
 */
export function defineService(
  fullName: string,
  methods: Readonly<Record<string, Method>>,
): ServiceDefinition {
  const definitions = Object.entries(methods).map(
    ([method, { request, response, requestStream = false, responseStream = false }]) => [
      method,
      {
        path: `/${fullName}/${method}`,
        requestStream,
        responseStream,
        requestSerialize: request.serialize,
        requestDeserialize: request.deserialize,
        responseSerialize: response.serialize,
        responseDeserialize: response.deserialize,
      } satisfies MethodDefinition<object, object>,
    ],
  );
  return Object.fromEntries(definitions);
}

/** The codec of a message type. */
export function codecOf<T extends Message>(type: MessageType<T>): Codec {
  return {
    serialize: (message) => asBuffer(type.encode(message as T)),
    deserialize: (bytes) => type.decode(bytes),
  };
}

/** The codec of a message that is wanted as its bytes. */
export function rawBytes(): Codec {
  return { serialize: (message) => asBuffer(message as Uint8Array), deserialize: (bytes) => bytes };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
