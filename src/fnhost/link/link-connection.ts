import type { Socket } from "node:net";
import { OpenStage, StageDone, StageFailed } from "../../beam/protos/types/link.js";
import { MonitoringInfo } from "../../beam/protos/types/metrics.js";
import { usualPatience, type WorkerPatience } from "../bundles/watch-progress.js";
import { describeFailure } from "../failures/describe-failure.js";
import type { OpenStages } from "../open-stages.js";
import { StageTask } from "../stage-task.js";
import type { StateBackend } from "../state-stream.js";
import type { Worker } from "../worker.js";
import type { WorkerLender } from "../worker-lender.js";
import { type Frame, FrameKind, FrameReader, frameParts } from "./frames.js";

/** What tasks are run with. */
export interface LinkContext {
  readonly stages: OpenStages;
  readonly workers: WorkerLender;
  readonly state: StateBackend;
  /** How long silent workers are waited for; `usualPatience` where it is left out. */
  readonly patience?: WorkerPatience;
}

/** One task's connection. Frames are handled one after the other; meanwhile the socket is not read. */
export class LinkConnection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #context: LinkContext;
  readonly #frames = new FrameReader();
  #worker: Worker | null = null;
  #task: StageTask | null = null;
  #isOver = false;

  /** @param name names the task's bundles; no other task of the host has it */
  constructor(socket: Socket, name: string, context: LinkContext) {
    this.#socket = socket;
    this.#name = name;
    this.#context = context;
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => {});
    socket.on("close", () => this.#release(false));
  }

  #take(chunk: Uint8Array): void {
    // What comes after a failure is read, so that the task can write it and get to the failure, and dropped.
    if (this.#isOver) return;
    this.#socket.pause();
    this.#handleAll(chunk)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#socket.resume());
  }

  async #handleAll(chunk: Uint8Array): Promise<void> {
    for (const frame of this.#frames.take(chunk)) await this.#handle(frame);
  }

  async #handle({ kind, content }: Frame): Promise<void> {
    switch (kind) {
      case FrameKind.open:
        await this.#open(OpenStage.decode(content));
        return;
      case FrameKind.rows:
        await this.#opened().process(content);
        return;
      case FrameKind.end: {
        const infos = await this.#opened().finish();
        if (this.#isOver) return;
        const monitoringInfos = infos.map((info) => MonitoringInfo.encode(info));
        this.#release(true);
        this.#send(FrameKind.done, StageDone.encode({ monitoringInfos }));
        this.#socket.end();
        return;
      }
      case FrameKind.endJob:
        this.#isOver = true;
        await this.#context.workers.endJob(Buffer.from(content).toString("utf8"));
        this.#socket.end();
        return;
      default:
        throw new Error(`a frame of kind ${kind}, which no task sends`);
    }
  }

  async #open(open: OpenStage): Promise<void> {
    const { stages, workers, state, patience = usualPatience } = this.#context;
    const stage = stages.open(open.descriptor, open.stage);
    const worker = await workers.borrow({ ...open, environment: stage.environment });
    if (this.#isOver) {
      workers.giveBack(worker, true);
      return;
    }
    this.#worker = worker;
    this.#task = new StageTask({
      stage,
      worker,
      name: this.#name,
      bundleBytes: Number(open.bundleBytes),
      limits: {
        stateMemoryBytes: Number(open.stateMemoryBytes),
        storedGroupBytes: Number(open.storedGroupBytes),
      },
      state,
      patience,
      takeRows: (output, rows) => this.#send(FrameKind.rows, Uint8Array.of(output), ...rows),
      onFailure: (error) => this.#fail(error),
    });
  }

  #opened(): StageTask {
    if (this.#task === null) throw new Error("rows came before a stage was opened");
    return this.#task;
  }

  #send(kind: number, ...contents: readonly Uint8Array[]): Promise<void> | undefined {
    const socket = this.#socket;
    if (socket.destroyed) return undefined;
    // Corked, the parts of a frame go out in one call.
    socket.cork();
    for (const part of frameParts(kind, ...contents)) socket.write(part);
    socket.uncork();
    if (!socket.writableNeedDrain) return undefined;
    return new Promise((resolve) => {
      const goOn = (): void => {
        socket.off("drain", goOn).off("close", goOn);
        resolve();
      };
      socket.on("drain", goOn).on("close", goOn);
    });
  }

  /** Tells the task of a failure, and that it is over: of several the first counts. */
  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#release(false);
    this.#send(FrameKind.failed, StageFailed.encode(describeFailure(error)));
    this.#socket.end();
  }

  #release(isIdle: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!isIdle) this.#task?.abandon(new Error("the task was given up"));
    if (this.#worker !== null) this.#context.workers.giveBack(this.#worker, isIdle);
  }
}
