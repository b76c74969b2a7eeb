import type { Draft } from "../beam/protos/message-type.js";
import type { StateKey, StateRequest, StateResponse } from "../beam/protos/types/state.js";
import type { ServerStream } from "./fn-streams.js";

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
  #stream: ServerStream<StateRequest, StateResponse> | null = null;
  readonly #backends = new Map<string, StateBackend>();
  // Requests of one bundle are answered in their order: a read must see what was appended before it.
  #last: Promise<void> = Promise.resolve();

  /** Takes the stream that the worker has opened. */
  attach(stream: ServerStream<StateRequest, StateResponse>): void {
    this.#stream = stream;
    stream.on("data", (request) => {
      this.#last = this.#last.then(() => this.#answer(request, stream));
    });
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

  async #answer(request: StateRequest, stream: ServerStream<StateRequest, StateResponse>): Promise<void> {
    try {
      stream.write({ id: request.id, ...(await this.#respond(request)) });
    } catch (error) {
      stream.write({ id: request.id, error: error instanceof Error ? error.message : String(error) });
    }
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
