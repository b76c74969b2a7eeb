import type { MonitoringInfo } from "../beam/protos/types/metrics.js";
import { readBatches, writeBatch } from "./arrow-stream.js";
import { Bundle, type BundleOutputs } from "./bundle.js";
import { createElementReader, type ElementReader } from "./columns/decode-elements.js";
import { createInput } from "./inputs/create-input.js";
import { type InputBundles, messageBytes, type StageInput } from "./inputs/stage-input.js";
import type { OpenedStage } from "./open-stages.js";
import type { StateBackend } from "./state-stream.js";
import type { Worker } from "./worker.js";

/** Takes the rows of a stage's outputs, each an Arrow stream; a promise says when to go on. */
export type RowTaker = (output: number, stream: Uint8Array) => Promise<void> | undefined;

/** What a task is run with. */
export interface StageTaskOptions {
  readonly stage: OpenedStage;
  readonly worker: Worker;
  /** Names the task's bundles; no other task of the host has it. */
  readonly name: string;
  /** A bundle ends at about so many bytes of elements. */
  readonly bundleBytes: number;
  readonly state: StateBackend;
  readonly takeRows: RowTaker;
}

/**
 * One Spark task's rows on their way through a worker, in as many bundles as it takes. What fails fails the task:
 * Spark tries it again, and nothing of it was seen before.
 */
export class StageTask {
  readonly #options: StageTaskOptions;
  readonly #readers: readonly ElementReader[];
  readonly #input: StageInput;
  readonly #infos: MonitoringInfo[] = [];
  #bundle: Bundle | null = null;
  #bundles = 0;
  #size = 0;

  constructor(options: StageTaskOptions) {
    this.#options = options;
    const { sinks, layouts } = options.stage;
    this.#readers = sinks.map((edge, index) => createElementReader(layouts.outputs[index]!, edge));
    this.#input = createInput(options.stage, this.#bundlesForInput());
  }

  /**
   * Processes rows, an Arrow stream.
   *
   * @throws InstructionFailedError, WorkerGoneError, MalformedElementError
   */
  async process(stream: Uint8Array): Promise<void> {
    for (const batch of readBatches(stream)) await this.#input.process(batch);
  }

  /** Ends the last bundle, and hands over the rest of the rows. @returns the metrics of all bundles */
  async finish(): Promise<readonly MonitoringInfo[]> {
    await this.#input.finish();
    this.#input.close();
    await Promise.all(this.#readers.map((_reader, output) => this.#flush(output)));
    return this.#infos;
  }

  /** Gives the task up; a bundle that is open ends without anybody waiting for it. */
  abandon(error: Error): void {
    this.#bundle?.abandon(error);
    this.#input.close();
  }

  #bundlesForInput(): InputBundles {
    const size = (): number => this.#size;
    const { bundleBytes, stage } = this.#options;
    return {
      send: (elements) => this.#write(elements, (bundle) => bundle.write(stage.source.transform, elements)),
      fire: (family, timers) => this.#write(timers, (bundle) => bundle.fire(family, timers)),
      get isFull() {
        return size() >= bundleBytes;
      },
      end: () => this.#endBundle(),
    };
  }

  async #write(data: Uint8Array, write: (bundle: Bundle) => Promise<void> | null): Promise<void> {
    this.#bundle ??= this.#openBundle();
    this.#size += data.length;
    const room = write(this.#bundle);
    if (room !== null) await Promise.race([room, this.#bundle.done]);
  }

  #openBundle(): Bundle {
    const { stage, worker, name, state } = this.#options;
    const outputs: BundleOutputs = {
      takeData: (transform, data) => {
        const output = stage.edges.sinks.indexOf(transform);
        const reader = this.#readers[output]!;
        reader.take(data);
        return reader.size >= messageBytes ? this.#flush(output) : undefined;
      },
      takeTimers: (family, data) => this.#input.takeTimers(family, data),
    };
    const instruction = `${name}-${++this.#bundles}`;
    return new Bundle(worker, { instruction, descriptor: stage.id, edges: stage.edges, outputs, state });
  }

  async #endBundle(): Promise<void> {
    if (this.#bundle === null) return;
    this.#bundle.endInput();
    const response = await this.#bundle.done;
    this.#bundle = null;
    this.#size = 0;
    this.#infos.push(...response.monitoringInfos);
  }

  #flush(output: number): Promise<void> | undefined {
    const reader = this.#readers[output]!;
    if (reader.rows === 0) return undefined;
    const { layouts } = this.#options.stage;
    return this.#options.takeRows(output, writeBatch(layouts.outputs[output]!, reader.finish()));
  }
}
