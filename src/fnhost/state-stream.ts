import type { Draft } from "../beam/protos/message-type.js";
import { type StateKey, StateRequest, StateResponse } from "../beam/protos/types/state.js";
import type { GrpcStream } from "../rpc/http2/grpc-stream.js";

/** One part of what a state key holds, and the token that gets the next, empty after the last. */
export interface StatePart {
  readonly data: Uint8Array;
  readonly continuationToken: Uint8Array;
}

/** Where a bundle's state requests are answered. What it throws is the SDK's error, by its message. */
export interface StateBackend {
  get(key: StateKey, continuationToken: Uint8Array): StatePart | Promise<StatePart>;
  append(key: StateKey, data: Uint8Array): void | Promise<void>;
  clear(key: StateKey): void | Promise<void>;
}

/** The state stream of one worker: each request is answered by the bundle that it names. */
export class StateStream {
  #stream: GrpcStream | null = null;
  readonly #backends = new Map<string, StateBackend>();
  // Requests of one bundle are answered in their order: a read must see what was appended before it.
  #last: Promise<void> = Promise.resolve();

  /** Takes the stream that the worker has opened. */
  attach(stream: GrpcStream): void {
    this.#stream = stream;
    stream.onMessage = (message) => {
      // A request is answered when its turn comes, and the bytes that have come are there during the call only.
      const request = StateRequest.decode(new Uint8Array(message));
      this.#last = this.#last.then(() => this.#answer(request, stream));
      return undefined;
    };
  }

  open(instruction: string, backend: StateBackend): void {
    this.#backends.set(instruction, backend);
  }

  close(instruction: string): void {
    this.#backends.delete(instruction);
  }

  end(): void {
    this.#stream?.end();
  }

  async #answer(request: StateRequest, stream: GrpcStream): Promise<void> {
    const { id } = request;
    const response = await this.#respond(request).catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error),
    }));
    stream.write([StateResponse.encode({ id, ...response })]);
  }

  async #respond({
    instructionId,
    stateKey,
    ...request
  }: StateRequest): Promise<Draft<StateResponse> & object> {
    const backend = this.#backends.get(instructionId);
    if (backend === undefined) throw new Error(`no bundle ${instructionId} is being processed`);
    if (stateKey === undefined) throw new Error("the request names no state");
    if (request.get !== undefined) return { get: await backend.get(stateKey, request.get.continuationToken) };
    if (request.append !== undefined) {
      await backend.append(stateKey, request.append.data);
      return { append: {} };
    }
    if (request.clear !== undefined) {
      await backend.clear(stateKey);
      return { clear: {} };
    }
    throw new Error("the request neither gets, appends nor clears");
  }
}
