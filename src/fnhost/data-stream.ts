import type { Draft } from "../beam/protos/message-type.js";
import { Elements } from "../beam/protos/types/data.js";
import type { GrpcStream } from "../rpc/http2/grpc-stream.js";
import { elementsParts } from "./elements-parts.js";

/** What a bundle takes of its worker's outputs. */
export interface ElementReceiver {
  /** Takes elements, whose bytes are there during the call only; or until a promise is kept, which holds others up. */
  takeData(transform: string, data: Uint8Array, isLast: boolean): Promise<void> | undefined;
  takeTimers(transform: string, family: string, timers: Uint8Array, isLast: boolean): void;
}

interface WaitingElements {
  readonly parts: readonly Uint8Array[];
  readonly onWritten: (() => void) | undefined;
}

/**
 * The data stream of one worker. Everything of all its bundles travels on it, in order, so a bundle whose outputs
 * nobody reads holds the others up: a worker has one bundle at a time. A worker opens the stream once its first bundle
 * wants it; what is written before waits.
 */
export class DataStream {
  readonly #receivers = new Map<string, ElementReceiver>();
  #early: WaitingElements[] = [];
  #stream: GrpcStream | null = null;
  #room: Promise<void> | null = null;
  #makeRoom: () => void = () => {};
  #isEnded = false;

  /** Takes the stream that the worker has opened. */
  attach(stream: GrpcStream): void {
    this.#stream = stream;
    stream.onMessage = (message) => this.#take(Elements.decode(message));
    stream.onDrain = () => this.#makeRoom();
    const isFull = this.#early.map(({ parts, onWritten }) => stream.write(parts, onWritten)).includes(false);
    this.#early = [];
    if (!isFull) this.#makeRoom();
  }

  /** Says who takes the outputs of an instruction; what comes for others is dropped. */
  open(instruction: string, receiver: ElementReceiver): void {
    this.#receivers.set(instruction, receiver);
  }

  close(instruction: string): void {
    this.#receivers.delete(instruction);
  }

  /**
   * Sends elements, which nobody may change before `onWritten`: they were sent then, or never will be.
   *
   * @returns null while there is room for more, else what to wait for before the next
   */
  write(elements: Draft<Elements>, onWritten?: () => void): Promise<void> | null {
    if (this.#isEnded) {
      onWritten?.();
      return null;
    }
    const parts = elementsParts(elements);
    if (this.#stream === null) this.#early.push({ parts, onWritten });
    else if (this.#stream.write(parts, onWritten)) return this.#room;
    this.#room ??= new Promise((resolve) => {
      this.#makeRoom = () => {
        this.#room = null;
        resolve();
      };
    });
    return this.#room;
  }

  /** Drops what is written from now on, and lets nobody wait. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    for (const { onWritten } of this.#early.splice(0)) onWritten?.();
    this.#stream?.end();
    this.#makeRoom();
  }

  #take(elements: Elements, start = 0): Promise<void> | undefined {
    const { data, timers } = elements;
    for (let index = start; index < data.length; index++) {
      const { instructionId, transformId, data: bytes, isLast } = data[index]!;
      const busy = this.#receivers.get(instructionId)?.takeData(transformId, bytes, isLast);
      if (busy !== undefined) return busy.then(() => this.#take(elements, index + 1));
    }
    for (const { instructionId, transformId, timerFamilyId, timers: bytes, isLast } of timers) {
      this.#receivers.get(instructionId)?.takeTimers(transformId, timerFamilyId, bytes, isLast);
    }
    return undefined;
  }
}
