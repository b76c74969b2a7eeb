import type { Socket } from "node:net";
import {
  LogMessage,
  OpenStage,
  SharedMemory,
  SideInputFiles,
  SideInputWanted,
  StageDone,
  StageFailed,
} from "../../beam/protos/types/link.js";
import { MonitoringInfo } from "../../beam/protos/types/metrics.js";
import { readDirectly } from "../../rpc/read-directly.js";
import { usualPatience, type WorkerPatience } from "../bundles/watch-progress.js";
import type { IdleWorker } from "../bundles/watch-straggler.js";
import { giveBack } from "../bytes/blocks.js";
import { describeFailure, unexpectedFailure } from "../failures/describe-failure.js";
import { TaskLogs } from "../logs/task-logs.js";
import type { OpenedStage, OpenStages } from "../open-stages.js";
import type { SideInputStore } from "../side-inputs/side-input-store.js";
import { TaskSideInputs } from "../side-inputs/task-side-inputs.js";
import { StageTask } from "../stage-task.js";
import { createCacheTokens } from "../state/cache-tokens.js";
import type { Worker } from "../worker.js";
import type { WorkerLender, WorkerRequest } from "../worker-lender.js";
import { type Frame, FrameKind, FrameReader, frameParts } from "./frames.js";
import { SharedRows } from "./shared-rows.js";

/** What tasks are run with. */
export interface LinkContext {
  readonly stages: OpenStages;
  readonly workers: WorkerLender;
  readonly sideInputs: SideInputStore;
  /** Begins the names of its tasks; by default no other host's tasks have such names. */
  readonly tasksName?: string | undefined;
  /** How long silent workers are waited for, whatever tasks say. */
  readonly patience?: WorkerPatience;
  /** Is told of what fails a task although neither its functions nor its worker have failed. */
  readonly onUnexpected?: (error: unknown) => void;
}

function patienceOf({ workerSilenceSeconds }: OpenStage): WorkerPatience {
  if (workerSilenceSeconds <= 0n) return usualPatience;
  const hungMillis = Number(workerSilenceSeconds) * 1_000;
  const { progressMillis } = usualPatience;
  return { ...usualPatience, hungMillis, progressMillis: Math.min(progressMillis, hungMillis / 4) };
}

/** A stage that a task has opened, on its way to its first rows. */
interface OpeningStage {
  readonly open: OpenStage;
  readonly stage: OpenedStage;
  readonly request: WorkerRequest;
  readonly sideInputs: TaskSideInputs;
  /** It starts while side inputs come. */
  readonly worker: Promise<Worker>;
}

/** With more rows than this on their way to a task, its worker is not read any more. */
const unsentBytes = 2 << 20;

/** Where bytes go that nobody wants. */
const scrap = Buffer.allocUnsafeSlow(1 << 16);

/** One task's connection. Frames are handled one after the other; meanwhile the socket is not read. */
export class LinkConnection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #context: LinkContext;
  readonly #frames = new FrameReader();
  readonly #sharedRows = new SharedRows();
  #opening: OpeningStage | null = null;
  #logs: TaskLogs | null = null;
  #worker: Worker | null = null;
  #task: StageTask | null = null;
  #closeLogs: () => void = () => {};
  #isOver = false;
  #isHandling = false;
  #drained: Promise<void> | null = null;
  readonly #beat: NodeJS.Timeout;

  /**
   * @param accepted a socket that was accepted, but not read
   * @param name names the task's bundles; no other task of the host has it
   */
  constructor(accepted: Socket, name: string, context: LinkContext) {
    // What comes after a failure is read, so that the task can write it and get to the failure, and dropped.
    const socket = readDirectly(accepted, {
      room: () => (this.#isOver ? scrap : this.#frames.room()),
      take: (count) => this.#isOver || this.#take(count),
    });
    this.#socket = socket;
    this.#name = name;
    this.#context = context;
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(this.#beat);
      this.#sharedRows.close();
      this.#release(false);
      if (!this.#isHandling) this.#frames.release();
    });
    // A socket that isn't read doesn't tell that the task has gone, but one that is written to does.
    const { progressMillis } = context.patience ?? usualPatience;
    this.#beat = setInterval(() => {
      if (!this.#isOver && !socket.writableNeedDrain) this.#send(FrameKind.alive);
    }, progressMillis);
  }

  /** Ends the connection. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Takes what was read. @returns whether to read on now, and not once the frame that is whole was handled */
  #take(count: number): boolean {
    const frame = this.#readFrame(count);
    if (frame === null) return true;
    this.#isHandling = true;
    this.#handle(frame)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#isHandling = false;
        if (this.#socket.closed) this.#frames.release();
        else this.#socket.resume();
      });
    return false;
  }

  #readFrame(count: number): Frame | null {
    try {
      return this.#frames.fill(count);
    } catch (error) {
      void this.#fail(error);
      return null;
    }
  }

  async #handle({ kind, content }: Frame): Promise<void> {
    switch (kind) {
      case FrameKind.open:
        await this.#open(OpenStage.decode(content));
        return;
      case FrameKind.sideInputRows:
        this.#waitingSideInputs().takeRows(content);
        await this.#begin();
        return;
      case FrameKind.sideInputFiles:
        this.#waitingSideInputs().takeFiles(SideInputFiles.decode(content));
        await this.#begin();
        return;
      case FrameKind.rows:
        await this.#opened().process(content);
        return;
      case FrameKind.sharedMemory:
        this.#sharedRows.accept(SharedMemory.decode(content));
        return;
      case FrameKind.sharedRows:
        await this.#opened().process(
          this.#sharedRows.take(content, (size) => this.#frames.roomForRows(size)),
        );
        return;
      case FrameKind.end:
        await this.#finish(this.#opened());
        return;
      case FrameKind.endJob:
        this.#isOver = true;
        await this.#endJob(Buffer.from(content).toString("utf8")).finally(() => this.#socket.end());
        return;
      default:
        throw new Error(`a frame of kind ${kind}, which no task sends`);
    }
  }

  async #endJob(job: string): Promise<void> {
    await this.#context.workers.endJob(job);
    this.#context.sideInputs.endJob(job);
    this.#context.stages.endJob(job);
  }

  #open(open: OpenStage): Promise<void> {
    if (this.#opening !== null) throw new Error("a task opens one stage");
    const { stages, workers } = this.#context;
    const stage = stages.open(open.descriptor, open.stage, open.job);
    const taskSideInputs = this.#openSideInputs(stage, open);
    const request = { ...open, environment: stage.environment };
    const worker = workers.borrow(request);
    this.#opening = { open, stage, request, worker, sideInputs: taskSideInputs };
    worker.then(
      (borrowed) => {
        if (this.#isOver) workers.giveBack(borrowed, true);
        else this.#worker = borrowed;
      },
      (error: unknown) => this.#fail(error),
    );
    return this.#begin();
  }

  #openSideInputs(stage: OpenedStage, open: OpenStage): TaskSideInputs {
    const { stages, sideInputs } = this.#context;
    try {
      return new TaskSideInputs(sideInputs, stage, open);
    } catch (error) {
      stages.leave(stage);
      throw error;
    }
  }

  /** Asks for the next side input that is missing; once all are there, and the worker is, rows may come. */
  async #begin(): Promise<void> {
    const { open, stage, request, sideInputs, worker } = this.#opening!;
    const index = await sideInputs.findWanted();
    if (this.#isOver) return;
    if (index !== null) {
      this.#send(FrameKind.wanted, SideInputWanted.encode({ index }));
      return;
    }
    const logs = new TaskLogs(stage.transformNames, (message) => {
      this.#send(FrameKind.log, LogMessage.encode(message));
    });
    const borrowed = await worker;
    if (this.#isOver) return;
    this.#logs = logs;
    this.#closeLogs = borrowed.logs.open(this.#name, (entry) => logs.take(entry));
    this.#task = new StageTask({
      stage,
      worker: borrowed,
      name: this.#name,
      bundleBytes: Number(open.bundleBytes),
      limits: {
        stateMemoryBytes: Number(open.stateMemoryBytes),
        storedGroupBytes: Number(open.storedGroupBytes),
      },
      state: sideInputs,
      cacheTokens: createCacheTokens(stage, sideInputs.cacheTokens),
      patience: this.#context.patience ?? patienceOf(open),
      takeRows: (output, rows) => this.#sendRows(output, rows),
      onFailure: (error) => this.#fail(error),
      borrowIdle: () => this.#borrowIdle(request, logs),
    });
    if (stage.sideInputs.length > 0) this.#send(FrameKind.ready);
  }

  #borrowIdle(request: WorkerRequest, logs: TaskLogs): IdleWorker | null {
    const { workers } = this.#context;
    const worker = this.#isOver ? null : workers.tryBorrow(request);
    if (worker === null) return null;
    const closeLogs = worker.logs.open(this.#name, (entry) => logs.take(entry));
    const giveBack = (isIdle: boolean): void => {
      closeLogs();
      workers.giveBack(worker, isIdle);
    };
    return { worker, giveBack };
  }

  async #finish(task: StageTask): Promise<void> {
    const infos = await task.finish();
    await this.#logs?.settle();
    if (this.#isOver) return;
    const monitoringInfos = infos.map((info) => MonitoringInfo.encode(info));
    this.#release(true);
    this.#send(FrameKind.done, StageDone.encode({ monitoringInfos }));
    this.#socket.end();
  }

  #waitingSideInputs(): TaskSideInputs {
    if (this.#opening === null) throw new Error("a side input came before a stage was opened");
    return this.#opening.sideInputs;
  }

  #opened(): StageTask {
    if (this.#task === null) throw new Error("rows came before a stage was opened");
    return this.#task;
  }

  /** What lies in slots is not counted as unsent: it is limited, and once all are taken rows go over the socket. */
  #sendRows(output: number, rows: readonly Uint8Array[]): Promise<void> | undefined {
    const place = this.#sharedRows.put(rows);
    if (place === null) return this.#send(FrameKind.rows, Uint8Array.of(output), ...rows);
    for (const part of rows) giveBack(part);
    return this.#send(FrameKind.sharedRows, Uint8Array.of(output), place);
  }

  #send(kind: number, ...contents: readonly Uint8Array[]): Promise<void> | undefined {
    const socket = this.#socket;
    if (socket.destroyed) {
      for (const content of contents) giveBack(content);
      return undefined;
    }
    // Corked, the parts of a frame go out in one call.
    socket.cork();
    for (const part of frameParts(kind, ...contents)) socket.write(part, () => giveBack(part));
    socket.uncork();
    if (socket.writableLength <= unsentBytes) return undefined;
    this.#drained ??= new Promise((resolve) => {
      const goOn = (): void => {
        socket.off("drain", goOn).off("close", goOn);
        this.#drained = null;
        resolve();
      };
      socket.on("drain", goOn).on("close", goOn);
    });
    return this.#drained;
  }

  /** Tells the task of a failure, and that it is over: of several the first counts. */
  async #fail(error: unknown): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#task?.abandon(new Error("the task was given up"));
    await this.#logs?.settle();
    const failed = describeFailure(error, this.#opening?.stage.transformNames ?? new Map());
    if (failed.code === unexpectedFailure) this.#context.onUnexpected?.(error);
    this.#send(FrameKind.failed, StageFailed.encode(failed));
    this.#socket.end();
    this.#letGo(false);
  }

  #release(isIdle: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!isIdle) this.#task?.abandon(new Error("the task was given up"));
    this.#letGo(isIdle);
  }

  #letGo(isIdle: boolean): void {
    this.#closeLogs();
    if (this.#opening !== null) {
      this.#opening.sideInputs.release();
      this.#context.stages.leave(this.#opening.stage);
    }
    if (this.#worker !== null) this.#context.workers.giveBack(this.#worker, isIdle);
  }
}
