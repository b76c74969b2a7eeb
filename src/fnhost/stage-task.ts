import type { Draft } from "../beam/protos/message-type.js";
import type { MonitoringInfo } from "../beam/protos/types/metrics.js";
import { BatchReader } from "./arrow/batch-reader.js";
import { BatchWriter } from "./arrow/batch-writer.js";
import type { BundleOutputs, CacheTokens } from "./bundle.js";
import { TaskBundles } from "./bundles/task-bundles.js";
import type { WorkerPatience } from "./bundles/watch-progress.js";
import type { IdleWorker } from "./bundles/watch-straggler.js";
import { messageBytes } from "./bytes/blocks.js";
import { MalformedElementError } from "./bytes/byte-reader.js";
import { createElementReader, type ElementReader } from "./columns/decode-elements.js";
import { createInput, type InputLimits } from "./inputs/create-input.js";
import type { StageInput } from "./inputs/stage-input.js";
import { TaskMetrics } from "./metrics/task-metrics.js";
import type { OpenedStage } from "./open-stages.js";
import { createTaskState } from "./state/task-state.js";
import type { StateBackend } from "./state-stream.js";
import type { Worker } from "./worker.js";

/** Where no rows have come for so long, the worker gets those that are there. */
const idleMillis = 20;

/** Takes the rows of a stage's outputs, each an Arrow stream in parts; a promise says when to go on. */
export type RowTaker = (output: number, stream: readonly Uint8Array[]) => Promise<void> | undefined;

/** What a task is run with. */
export interface StageTaskOptions {
  readonly stage: OpenedStage;
  readonly worker: Worker;
  /** Names the task's bundles; no other task of the host has it. */
  readonly name: string;
  /** A bundle ends at about so many bytes of elements. */
  readonly bundleBytes: number;
  readonly limits: InputLimits;
  readonly state: StateBackend;
  /** What workers may keep of it from bundle to bundle. */
  readonly cacheTokens: CacheTokens;
  readonly takeRows: RowTaker;
  readonly patience: WorkerPatience;
  /** Is told what fails while nobody waits for it, for the task to end at once. */
  readonly onFailure: (error: Error) => void;
  /** A worker that can take a part of a bundle that takes long; null while none is idle. */
  readonly borrowIdle: () => IdleWorker | null;
}

/**
 * One Spark task's rows on their way through a worker, in as many bundles as it takes. What fails fails the task:
 * Spark tries it again, and nothing of it was seen before.
 */
export class StageTask {
  readonly #options: StageTaskOptions;
  readonly #rows = new BatchReader();
  readonly #readers: readonly ElementReader[];
  readonly #writers: readonly BatchWriter[];
  readonly #input: StageInput;
  readonly #bundles: TaskBundles;
  readonly #metrics: TaskMetrics;
  #idle: NodeJS.Timeout | undefined;
  #flushed: Promise<void> = Promise.resolve();

  constructor(options: StageTaskOptions) {
    this.#options = options;
    const { stage } = options;
    this.#readers = stage.sinks.map((edge, index) =>
      createElementReader(stage.layouts.outputs[index]!, edge),
    );
    this.#writers = stage.layouts.outputs.map((layout) => new BatchWriter(layout));
    this.#metrics = new TaskMetrics(stage.transformNames);
    this.#bundles = new TaskBundles({
      ...options,
      state: createTaskState(options.state, () => this.#input.state),
      outputs: this.#createOutputs(),
      takeResponse: ({ monitoringInfos }) => this.#metrics.add(monitoringInfos),
    });
    this.#input = createInput(stage, this.#bundles, options.limits);
  }

  /**
   * Processes rows, an Arrow stream.
   *
   * @throws InstructionFailedError, WorkerGoneError, MalformedElementError
   */
  async process(stream: Uint8Array): Promise<void> {
    await this.#leaveIdle();
    for (const batch of this.#rows.read(stream)) await this.#input.process(batch);
    this.#idle = setTimeout(() => {
      this.#flushed = this.#input.flush().catch(this.#options.onFailure);
    }, idleMillis);
  }

  /**
   * Ends the last bundle, resumes what was put off until nothing is, hands over the rest of the rows, and finalizes
   * the bundles that want it. @returns the user's metrics of all bundles
   */
  async finish(): Promise<readonly Draft<MonitoringInfo>[]> {
    await this.#leaveIdle();
    this.#bundles.endInput();
    await this.#input.finish();
    this.#input.close();
    await this.#bundles.runResiduals();
    await Promise.all(this.#readers.map((_reader, output) => this.#flush(output)));
    this.#closeReaders();
    await this.#bundles.finalize();
    return this.#metrics.merged();
  }

  /** Gives the task up; bundles that are open end without anybody waiting for them. */
  abandon(error: Error): void {
    clearTimeout(this.#idle);
    this.#bundles.abandon(error);
    this.#input.close();
    this.#closeReaders();
  }

  /** Rows come again, or never: what is being sent goes first. */
  #leaveIdle(): Promise<void> {
    clearTimeout(this.#idle);
    return this.#flushed;
  }

  #closeReaders(): void {
    for (const reader of this.#readers) reader.close();
  }

  #createOutputs(): BundleOutputs {
    const { sinks } = this.#options.stage.edges;
    return {
      takeData: (transform, data) => {
        const output = sinks.indexOf(transform);
        if (output < 0) throw new MalformedElementError(`elements of ${transform}, which is no output`);
        return this.#takeData(output, data);
      },
      takeTimers: (family, data) => this.#input.takeTimers(family, data),
    };
  }

  #takeData(output: number, data: Uint8Array): Promise<void> | undefined {
    const reader = this.#readers[output]!;
    let busy: Promise<void> | undefined;
    for (let at = 0; at < data.length; ) {
      at = reader.take(data, at, messageBytes);
      if (reader.size >= messageBytes) busy = this.#flush(output);
    }
    return busy;
  }

  #flush(output: number): Promise<void> | undefined {
    const reader = this.#readers[output]!;
    if (reader.rows === 0) return undefined;
    return this.#options.takeRows(output, this.#writers[output]!.write(reader.finish()));
  }
}
