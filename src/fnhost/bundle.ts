import type { Draft } from "../beam/protos/message-type.js";
import type { ProcessBundleRequestCacheToken, ProcessBundleResponse } from "../beam/protos/types/control.js";
import type { DataStream, ElementReceiver } from "./data-stream.js";
import type { StateBackend } from "./state-stream.js";
import type { Worker } from "./worker.js";
import { WorkerGoneError } from "./worker-gone.js";

/** A timer family of a transform. */
export interface TimerFamily {
  readonly transform: string;
  readonly family: string;
}

/** What a stage's bundles have at their edges. */
export interface BundleEdges {
  /** Ids of the transforms that read the bundle's input. */
  readonly sources: readonly string[];
  /** Ids of the transforms that write its outputs. */
  readonly sinks: readonly string[];
  readonly timers: readonly TimerFamily[];
}

/**
 * Takes what a bundle gives, whose bytes are there during the call only; or until a promise is kept, which holds the
 * worker's further outputs up.
 */
export interface BundleOutputs {
  takeData(transform: string, data: Uint8Array): Promise<void> | undefined;
  takeTimers(timers: TimerFamily, data: Uint8Array): void;
}

/** What a worker may keep of state beyond the bundle. */
export type CacheTokens = readonly Draft<ProcessBundleRequestCacheToken>[];

/** What a bundle is opened with. */
export interface BundleOptions {
  readonly instruction: string;
  readonly descriptor: string;
  readonly edges: BundleEdges;
  readonly outputs: BundleOutputs;
  readonly state: StateBackend;
  /** None for a bundle that is alone with its state. */
  readonly cacheTokens?: CacheTokens;
}

/**
 * One bundle on one worker. Whoever opens it writes its input, ends it, and waits for `done`: the worker's response
 * *and* the last of every output and timer family, which come in any order (`beam_fn_api.proto`, Elements).
 */
export class Bundle implements ElementReceiver {
  readonly done: Promise<ProcessBundleResponse>;
  readonly #options: BundleOptions;
  readonly #data: DataStream;
  readonly #open: Set<string>;
  #finish: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  /** Opens a bundle. Where the worker has gone, or goes, `done` fails with a WorkerGoneError. */
  constructor(worker: Worker, options: BundleOptions) {
    this.#options = options;
    this.#data = worker.data;
    const { edges, instruction, descriptor, cacheTokens = [] } = options;
    this.#open = new Set([...edges.sinks, ...edges.timers.map(familyKey)]);
    const outputsDone = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    if (this.#open.size === 0) this.#finish();
    const stopListening = worker.onEnd((reason) => this.#fail(new WorkerGoneError(reason)));
    worker.data.open(instruction, this);
    worker.state.open(instruction, options.state);
    const answer = worker.control.ask({
      instructionId: instruction,
      processBundle: { processBundleDescriptorId: descriptor, cacheTokens },
    });
    this.done = Promise.all([answer, outputsDone]).then(([response]) => response.processBundle!);
    const close = (): void => {
      stopListening();
      worker.data.close(instruction);
      worker.state.close(instruction);
    };
    // It may fail while its input is still written, and nobody waits yet.
    this.done.then(close, close);
  }

  /**
   * Sends encoded windowed values, which nobody may change before `onWritten`.
   *
   * @returns what to wait for before the next, null for nothing
   */
  write(source: string, data: Uint8Array, onWritten?: () => void): Promise<void> | null {
    const instructionId = this.#options.instruction;
    return this.#data.write({ data: [{ instructionId, transformId: source, data }] }, onWritten);
  }

  /** Sends encoded timers that are due. */
  fire({ transform, family }: TimerFamily, timers: Uint8Array): Promise<void> | null {
    const instructionId = this.#options.instruction;
    return this.#data.write({
      timers: [{ instructionId, transformId: transform, timerFamilyId: family, timers }],
    });
  }

  /** Says that no more input comes, and no more timers: a family without any waits for that too. */
  endInput(): void {
    const instructionId = this.#options.instruction;
    const { sources, timers } = this.#options.edges;
    this.#data.write({
      data: sources.map((transformId) => ({ instructionId, transformId, isLast: true })),
      timers: timers.map(({ transform, family }) => ({
        instructionId,
        transformId: transform,
        timerFamilyId: family,
        isLast: true,
      })),
    });
  }

  /** Gives the bundle up: what the worker still says of it is dropped. */
  abandon(error: Error): void {
    this.#fail(error);
  }

  takeData(transform: string, data: Uint8Array, isLast: boolean): Promise<void> | undefined {
    let busy: Promise<void> | undefined;
    this.#take(() => {
      if (data.length > 0) busy = this.#options.outputs.takeData(transform, data);
    });
    const close = (): void => {
      if (isLast) this.#close(transform);
    };
    if (busy === undefined) {
      close();
      return undefined;
    }
    return busy.catch((error: unknown) => this.#failBy(error)).then(close);
  }

  takeTimers(transform: string, family: string, timers: Uint8Array, isLast: boolean): void {
    this.#take(() => {
      if (timers.length > 0) this.#options.outputs.takeTimers({ transform, family }, timers);
    });
    if (isLast) this.#close(familyKey({ transform, family }));
  }

  /** What can't be taken is the bundle's failure, and no one else's on the same stream. */
  #take(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#failBy(error);
    }
  }

  #failBy(error: unknown): void {
    this.#fail(error instanceof Error ? error : new Error(String(error)));
  }

  #close(key: string): void {
    this.#open.delete(key);
    if (this.#open.size === 0) this.#finish();
  }
}

function familyKey({ transform, family }: TimerFamily): string {
  return JSON.stringify([transform, family]);
}
