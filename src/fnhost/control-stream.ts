import type { Draft } from "../beam/protos/message-type.js";
import type { InstructionRequest, InstructionResponse } from "../beam/protos/types/control.js";
import type { ServerStream } from "./fn-streams.js";
import { InstructionFailedError } from "./instruction-failed.js";
import { WorkerGoneError } from "./worker-gone.js";

interface Waiting {
  readonly resolve: (response: InstructionResponse) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The control stream of one worker: requests go out as they are asked, and each answer finds who asked.
 *
 * A response that nobody waits for is dropped: its bundle was given up.
 */
export class ControlStream {
  #stream: ServerStream<InstructionResponse, InstructionRequest> | null = null;
  #early: Draft<InstructionRequest>[] = [];
  readonly #waiting = new Map<string, Waiting>();
  #end: string | null = null;
  #open: () => void = () => {};
  /** Kept once the worker has opened the stream. */
  readonly opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  /** Takes the stream that the worker has opened; what was asked before goes out now. */
  attach(stream: ServerStream<InstructionResponse, InstructionRequest>): void {
    this.#stream = stream;
    this.#open();
    stream.on("data", (response) => this.#take(response));
    for (const request of this.#early.splice(0)) stream.write(request);
  }

  /**
   * Sends a request; its instruction id must be of no other that is still waited for.
   *
   * @throws InstructionFailedError with the SDK's text, WorkerGoneError when the stream ends before the answer
   */
  ask(request: Draft<InstructionRequest> & { readonly instructionId: string }): Promise<InstructionResponse> {
    return new Promise((resolve, reject) => {
      if (this.#end !== null) {
        reject(new WorkerGoneError(this.#end));
        return;
      }
      this.#waiting.set(request.instructionId, { resolve, reject });
      if (this.#stream === null) this.#early.push(request);
      else this.#stream.write(request);
    });
  }

  /** Fails whatever waits, now and later, with the reason. */
  end(reason: string): void {
    this.#end = reason;
    for (const { reject } of this.#waiting.values()) reject(new WorkerGoneError(reason));
    this.#waiting.clear();
    this.#stream?.end();
  }

  #take(response: InstructionResponse): void {
    const waiting = this.#waiting.get(response.instructionId);
    if (waiting === undefined) return;
    this.#waiting.delete(response.instructionId);
    if (response.error === "") waiting.resolve(response);
    else waiting.reject(new InstructionFailedError(response.error));
  }
}
