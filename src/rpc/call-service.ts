import { Client, credentials, type Metadata, type MethodDefinition, type ServiceError } from "@grpc/grpc-js";
import type { Draft, Message } from "../beam/protos/message-type.js";

/** Most bytes of one answer. */
const messageLimit = 64 * 2 ** 20;

/** How a service is called. */
export interface CallOptions {
  readonly metadata: Metadata;
  /** When the answer must be there, from now; 0 is never. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** A client of the services at `host:port`. Nothing is sent before its first call; `close` ends it. */
export function openClient(endpoint: string): Client {
  return new Client(endpoint, credentials.createInsecure(), {
    "grpc.max_receive_message_length": messageLimit,
    // These services are neighbours, and never behind a proxy.
    "grpc.enable_http_proxy": 0,
  });
}

/** Calls a method that gives one answer, and waits for a server that is not there yet. Errors: a ServiceError. */
export function callMethod<In extends Message, Out extends Message>(
  client: Client,
  method: MethodDefinition<object, object>,
  request: Draft<In>,
  { metadata, milliseconds, signal }: CallOptions,
): Promise<Out> {
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request as object,
      metadata,
      deadlineOf(milliseconds),
      (error: ServiceError | null, response?: object) => {
        forget();
        if (error === null) resolve(response as Out);
        else reject(error);
      },
    );
    const forget = cancelOn(signal, call);
  });
}

/** Calls a method that gives a stream of answers. Errors, while they are read: a ServiceError. */
export function callStream<In extends Message, Out extends Message>(
  client: Client,
  method: MethodDefinition<object, object>,
  request: Draft<In>,
  { metadata, milliseconds, signal }: CallOptions,
): AsyncIterable<Out> {
  const call = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request as object,
    metadata,
    deadlineOf(milliseconds),
  );
  call.on("close", cancelOn(signal, call));
  return call as AsyncIterable<Out>;
}

function deadlineOf(milliseconds: number): { readonly deadline?: number } {
  return milliseconds === 0 ? {} : { deadline: Date.now() + milliseconds };
}

/** Cancels a call when a signal is aborted. @returns what makes the signal forget it */
function cancelOn(signal: AbortSignal | undefined, call: { cancel(): void }): () => void {
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel);
  if (signal?.aborted) cancel();
  return () => signal?.removeEventListener("abort", cancel);
}
