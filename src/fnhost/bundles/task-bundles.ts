import type { BundleApplication, ProcessBundleResponse } from "../../beam/protos/types/control.js";
import {
  Bundle,
  type BundleOptions,
  type BundleOutputs,
  type CacheTokens,
  type TimerFamily,
} from "../bundle.js";
import { giveBack } from "../bytes/blocks.js";
import type { InputBundles, SideBundle } from "../inputs/stage-input.js";
import type { OpenedStage } from "../open-stages.js";
import type { StateBackend } from "../state-stream.js";
import type { Worker } from "../worker.js";
import { KeptInput } from "./kept-input.js";
import { PendingFinalizations } from "./pending-finalizations.js";
import { ResidualQueue } from "./residual-queue.js";
import { createTrimmer } from "./trim-kept.js";
import {
  createProgressWatch,
  type ProgressWatch,
  tellsProgress,
  type WorkerPatience,
} from "./watch-progress.js";
import { type IdleWorker, type RestOfBundle, watchStraggler } from "./watch-straggler.js";

/** What a task's bundles are run with. */
export interface TaskBundlesOptions {
  readonly stage: OpenedStage;
  readonly worker: Worker;
  /** Names the bundles; no other task of the host has it. */
  readonly name: string;
  /** A bundle ends at about so many bytes of its input. */
  readonly bundleBytes: number;
  readonly state: StateBackend;
  readonly cacheTokens: CacheTokens;
  readonly outputs: BundleOutputs;
  readonly patience: WorkerPatience;
  /** Is told what the worker says of each bundle at its end. */
  readonly takeResponse: (response: ProcessBundleResponse) => void;
  /** Is told what fails while nobody waits for it. */
  readonly onFailure: (error: Error) => void;
  /** A worker that can take a part of a bundle; null while none is idle. */
  readonly borrowIdle: () => IdleWorker | null;
}

/** A bundle on its way. */
interface RunningBundle {
  readonly instruction: string;
  readonly worker: Worker;
  readonly bundle: Bundle;
  /** What it was given, for it to be split; null where it can't be. */
  readonly kept: KeptInput | null;
  /** Keeps that small. It gives what to wait for before more is sent, null for nothing. */
  readonly trim: () => Promise<void> | null;
}

/**
 * The bundles of one task: those that its input fills, and those that resume what functions have put off. Whatever
 * fails in one of them fails the call that comes next, or the one that waits.
 */
export class TaskBundles implements InputBundles {
  readonly #options: TaskBundlesOptions;
  readonly #residuals = new ResidualQueue(() => performance.now());
  readonly #watch: ProgressWatch;
  /** Whether bundles can be split: elements are given back by number, by workers that count them. */
  readonly #canSplit: boolean;
  readonly #finalizations: PendingFinalizations;
  readonly #running = new Set<RunningBundle>();
  /** Bundles on other workers, of what was split off. */
  readonly #parts = new Set<Promise<void>>();
  /** Workers of these that have bundles to finalize. */
  readonly #held: IdleWorker[] = [];
  #isInputOver = false;
  #open: RunningBundle | null = null;
  #size = 0;
  #count = 0;
  #stopWaiting: () => void = () => {};
  #abandoned: Error | null = null;

  constructor(options: TaskBundlesOptions) {
    this.#options = options;
    const { stage } = options;
    this.#canSplit = stage.grouping === null && !stage.isKeyed && tellsProgress(stage.capabilities);
    this.#watch = createProgressWatch(stage.capabilities, options.patience);
    this.#finalizations = new PendingFinalizations(this.#watch);
  }

  get room(): number {
    return this.#options.bundleBytes - this.#size;
  }

  get isFull(): boolean {
    return this.room <= 0;
  }

  send(elements: Uint8Array, count?: number): Promise<void> {
    if (this.#abandoned !== null) {
      giveBack(elements);
      return Promise.reject(this.#abandoned);
    }
    return this.#fill(elements.length, (open) => this.#deliver(open, elements, count));
  }

  fire(family: TimerFamily, timers: Uint8Array): Promise<void> {
    return this.#fill(timers.length, ({ bundle }) => bundle.fire(family, timers));
  }

  /** Says that the task has no more rows: from now on a bundle that takes long may be split. */
  endInput(): void {
    this.#isInputOver = true;
  }

  async end(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#size = 0;
    await this.#finish(open);
    // A function that has stopped itself goes on when it is due, whatever else there is to do.
    while (this.#residuals.isFull || this.#residuals.millisLeft() <= 0) await this.#resumeNext();
  }

  /** Runs whatever was put off or split off, until nothing is. */
  async runResiduals(): Promise<void> {
    for (;;) {
      while (!this.#residuals.isEmpty) await this.#resumeNext();
      if (this.#parts.size === 0) return;
      await Promise.race(this.#parts);
    }
  }

  async ask({ id, source, sink }: SideBundle, elements: Uint8Array): Promise<readonly Uint8Array[]> {
    await this.end();
    const answers: Uint8Array[] = [];
    const asked = this.#begin(this.#options.worker, {
      descriptor: id,
      edges: { sources: [source], sinks: [sink], timers: [] },
      outputs: {
        takeData: (_transform, data) => {
          answers.push(data.slice());
          return undefined;
        },
        takeTimers: () => {},
      },
    });
    const room = asked.bundle.write(source, elements);
    if (room !== null) await Promise.race([room, asked.bundle.done]);
    asked.bundle.endInput();
    await asked.bundle.done;
    return answers;
  }

  /** Finalizes the bundles that want it, once the task has all results. */
  async finalize(): Promise<void> {
    await this.#finalizations.finalize();
    this.#releaseHeld();
  }

  /** Gives up whatever is open, or waits; nobody has to wait for it. */
  abandon(error: Error): void {
    this.#abandoned = error;
    this.#stopWaiting();
    for (const { bundle } of this.#running) bundle.abandon(error);
    this.#releaseHeld();
  }

  async #fill(size: number, write: (open: RunningBundle) => Promise<void> | null): Promise<void> {
    this.#open ??= this.#begin(this.#options.worker);
    this.#size += size;
    const open = this.#open;
    const room = write(open);
    if (room !== null) await Promise.race([room, open.bundle.done]);
  }

  #deliver(
    { bundle, kept, trim }: RunningBundle,
    elements: Uint8Array,
    count?: number,
  ): Promise<void> | null {
    kept?.add(elements, count);
    const onWritten = (): void => (kept === null ? giveBack(elements) : kept.noteSent(elements));
    const room = bundle.write(this.#options.stage.source.transform, elements, onWritten);
    const trimmed = trim();
    if (room === null || trimmed === null) return room ?? trimmed;
    return Promise.all([room, trimmed]).then(() => {});
  }

  #begin(worker: Worker, described = this.#ofStage): RunningBundle {
    if (this.#abandoned !== null) throw this.#abandoned;
    const { name, state, stage } = this.#options;
    const instruction = `${name}-${++this.#count}`;
    const bundle = new Bundle(worker, { instruction, state, ...described });
    const isKept = this.#canSplit && described.descriptor === stage.id;
    const kept = isKept ? new KeptInput(stage.source) : null;
    const source = stage.source.transform;
    const trim = kept === null ? () => null : createTrimmer({ instruction, worker, source, kept });
    const running = { instruction, worker, bundle, kept, trim };
    this.#running.add(running);
    const stopWatching = this.#watch(worker, instruction);
    const ended = (): void => {
      stopWatching();
      this.#running.delete(running);
    };
    bundle.done.then(ended, (error: Error) => {
      ended();
      kept?.drop();
      if (this.#abandoned === null) this.#options.onFailure(error);
    });
    return running;
  }

  get #ofStage(): Pick<BundleOptions, "descriptor" | "edges" | "outputs" | "cacheTokens"> {
    const { stage, outputs, cacheTokens } = this.#options;
    return { descriptor: stage.id, edges: stage.edges, outputs, cacheTokens };
  }

  async #finish(running: RunningBundle): Promise<void> {
    const { bundle, worker, instruction, kept } = running;
    bundle.endInput();
    const stopSplitting = this.#watchForSplits(running);
    const response = await bundle.done.finally(stopSplitting);
    kept?.drop();
    this.#options.takeResponse(response);
    this.#residuals.add(response.residualRoots);
    if (response.requiresFinalization) this.#finalizations.add(worker, instruction);
  }

  #watchForSplits({ instruction, worker, kept }: RunningBundle): () => Promise<void> {
    if (!this.#isInputOver || kept?.isWhole !== true) return async () => {};
    const { stage, patience, borrowIdle } = this.#options;
    return watchStraggler(
      { instruction, worker, kept, source: stage.source.transform },
      { patience, watch: this.#watch, borrowIdle, deliver: (rest, idle) => this.#runPart(rest, idle) },
    );
  }

  /** Runs what was split off of a bundle on another worker, while the bundle goes on. */
  #runPart({ elements, residuals }: RestOfBundle, idle: IdleWorker): void {
    const run = async (): Promise<void> => {
      const applications = residuals.flatMap(({ application }) => application ?? []);
      const begun = [...applications.map((one) => this.#elementOf(one)), ...elements];
      const part = this.#begin(idle.worker);
      for (const element of begun) {
        const room = this.#deliver(part, element);
        if (room !== null) await Promise.race([room, part.bundle.done]);
      }
      await this.#finish(part);
    };
    const ran = run()
      .then(
        () => this.#release(idle),
        (error: unknown) => {
          idle.giveBack(false);
          throw error;
        },
      )
      .finally(() => this.#parts.delete(ran));
    this.#parts.add(ran);
    ran.catch((error: Error) => {
      if (this.#abandoned === null) this.#options.onFailure(error);
    });
  }

  /** Gives a worker back that has done its part, unless it is still to finalize it: until then it is nobody else's. */
  #release(idle: IdleWorker): void {
    if (this.#abandoned === null && this.#finalizations.wants(idle.worker)) this.#held.push(idle);
    else idle.giveBack(true);
  }

  #releaseHeld(): void {
    for (const idle of this.#held.splice(0)) idle.giveBack(true);
  }

  /** Waits until a residual is due, and resumes all that are. */
  async #resumeNext(): Promise<void> {
    await this.#wait(this.#residuals.millisLeft());
    const due = this.#residuals.takeDue();
    // A timer may ring a moment too early.
    if (due.length === 0) return;
    // A function that has stopped itself may have done so to be finalized first.
    await this.finalize();
    const resumed = this.#begin(this.#options.worker);
    for (const application of due) {
      const room = this.#deliver(resumed, this.#elementOf(application));
      if (room !== null) await Promise.race([room, resumed.bundle.done]);
    }
    await this.#finish(resumed);
  }

  /** What is left of an element, in the coder of the source that fed it. */
  #elementOf({ transformId, inputId, element }: BundleApplication): Uint8Array {
    if (!this.#options.stage.isFedBySource(transformId, inputId))
      throw new Error(`the worker has put off an input of ${transformId} that is not the stage's`);
    return element;
  }

  #wait(millis: number): Promise<void> {
    if (millis <= 0 || this.#abandoned !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.ceil(millis));
      this.#stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
