import { createServer, type Server, type Socket } from "node:net";
import { OpenStage, StageDone, StageFailed } from "../../beam/protos/types/link.js";
import { MonitoringInfo } from "../../beam/protos/types/metrics.js";
import { InstructionFailedError } from "../instruction-failed.js";
import type { OpenStages } from "../open-stages.js";
import { StageTask } from "../stage-task.js";
import type { StateBackend } from "../state-stream.js";
import type { Worker } from "../worker.js";
import { WorkerGoneError } from "../worker-gone.js";
import type { WorkerLender } from "../worker-lender.js";
import { WorkerNotStartedError } from "../worker-not-started.js";
import { type Frame, FrameKind, FrameReader, frameParts } from "./frames.js";

/** What the link's server needs. */
export interface LinkContext {
  readonly stages: OpenStages;
  readonly workers: WorkerLender;
  readonly state: StateBackend;
}

/** Serves Spark tasks on a Unix socket: one connection for each task. */
export function startLinkServer(path: string, context: LinkContext): Promise<Server> {
  let tasks = 0;
  const server = createServer((socket) => {
    tasks++;
    new LinkConnection(socket, `task-${tasks}`, context);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => resolve(server));
  });
}

/** One task's connection. Frames are handled one after the other; meanwhile the socket is not read. */
class LinkConnection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #context: LinkContext;
  readonly #frames = new FrameReader();
  #worker: Worker | null = null;
  #task: StageTask | null = null;
  #isOver = false;

  constructor(socket: Socket, name: string, context: LinkContext) {
    this.#socket = socket;
    this.#name = name;
    this.#context = context;
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => {});
    socket.on("close", () => this.#release(false));
  }

  #take(chunk: Uint8Array): void {
    this.#socket.pause();
    this.#handleAll(chunk).then(
      () => this.#socket.resume(),
      (error: unknown) => this.#fail(error),
    );
  }

  async #handleAll(chunk: Uint8Array): Promise<void> {
    for (const frame of this.#frames.take(chunk)) await this.#handle(frame);
  }

  async #handle({ kind, content }: Frame): Promise<void> {
    switch (kind) {
      case FrameKind.open: {
        const open = OpenStage.decode(content);
        const stage = this.#context.stages.open(open.descriptor, open.stage);
        const worker = await this.#context.workers.borrow({ ...open, environment: stage.environment });
        if (this.#isOver) {
          this.#context.workers.giveBack(worker, true);
          return;
        }
        this.#worker = worker;
        this.#task = new StageTask({
          stage,
          worker,
          name: this.#name,
          bundleBytes: Number(open.bundleBytes),
          state: this.#context.state,
          takeRows: (output, rows) => this.#send(FrameKind.rows, Uint8Array.of(output), rows),
        });
        return;
      }
      case FrameKind.rows:
        await this.#opened().process(content);
        return;
      case FrameKind.end: {
        const infos = await this.#opened().finish();
        const monitoringInfos = infos.map((info) => MonitoringInfo.encode(info));
        this.#release(true);
        this.#send(FrameKind.done, StageDone.encode({ monitoringInfos }));
        this.#socket.end();
        return;
      }
      default:
        throw new Error(`a frame of kind ${kind}, which no task sends`);
    }
  }

  #opened(): StageTask {
    if (this.#task === null) throw new Error("rows came before a stage was opened");
    return this.#task;
  }

  #send(kind: number, ...contents: readonly Uint8Array[]): Promise<void> | undefined {
    const socket = this.#socket;
    if (socket.destroyed) return undefined;
    const hasRoom = frameParts(kind, ...contents)
      .map((part) => socket.write(part))
      .at(-1)!;
    if (hasRoom) return undefined;
    return new Promise((resolve) => {
      socket.once("drain", resolve);
      socket.once("close", () => resolve());
    });
  }

  #fail(error: unknown): void {
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

function describeFailure(error: unknown): { code: string; message: string; hint?: string | undefined } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InstructionFailedError) return { code: "", message };
  if (error instanceof WorkerNotStartedError) {
    return { code: error.diagnostic.code, message, hint: error.diagnostic.hint };
  }
  return { code: error instanceof WorkerGoneError ? "host/worker-gone" : "host/failed", message };
}
