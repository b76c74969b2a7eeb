import type { Draft, Message, MessageType } from "./message-type.js";
import { shapeRegistry } from "./message-type.js";

/** One method in the form that @grpc/grpc-js takes in a service definition. */
export interface GrpcMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly originalName: string;
  requestSerialize(message: never): Buffer;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(message: never): Buffer;
  responseDeserialize(bytes: Buffer): unknown;
}

/** A service in the form that @grpc/grpc-js takes: methods by their name in the .proto file. */
export type GrpcService = Readonly<Record<string, GrpcMethod>>;

/**
 * The definition of a service in `proto/beam`, by its full name. `types` must hold every message that its methods
 * name. Throws if the file has no such service or a type is missing: that is a defect of ours.
 */
export function grpcService(file: string, fullName: string, types: readonly AnyMessageType[]): GrpcService {
  const byName = new Map(types.map((type) => [type.fullName, type]));
  const find = (name: string): AnyMessageType => {
    const type = byName.get(name);
    if (type === undefined) throw new Error(`${fullName} uses ${name}, which was not given`);
    return type;
  };
  return Object.fromEntries(
    shapeRegistry()
      .service(file, fullName)
      .map((method) => {
        const request = find(method.requestType);
        const response = find(method.responseType);
        const definition: GrpcMethod = {
          path: `/${fullName}/${method.name}`,
          requestStream: method.requestStream,
          responseStream: method.responseStream,
          originalName: `${method.name.charAt(0).toLowerCase()}${method.name.slice(1)}`,
          requestSerialize: (message) => toBuffer(request.encode(message)),
          requestDeserialize: (bytes) => request.decode(bytes),
          responseSerialize: (message) => toBuffer(response.encode(message)),
          responseDeserialize: (bytes) => response.decode(bytes),
        };
        return [method.name, definition];
      }),
  );
}

/** A message type whose message is not told. */
type AnyMessageType = Pick<MessageType<Message>, "fullName" | "decode"> & {
  encode(message: Draft<Message>): Uint8Array;
};

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
