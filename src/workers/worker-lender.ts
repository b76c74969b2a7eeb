import { createHash, randomUUID } from "node:crypto";
import { Environment } from "../beam/protos/types/environment.js";
import { Struct } from "../beam/protos/types/google.js";
import { readSdk } from "../beam/recognise/read-sdk.js";
import { URN } from "../beam/urns.js";
import type { FnHost } from "../fnhost/start-host.js";
import { Worker } from "../fnhost/worker.js";
import { WorkerGoneError } from "../fnhost/worker-gone.js";
import type { WorkerLender, WorkerRequest } from "../fnhost/worker-lender.js";
import type { WorkerNotStartedError } from "../fnhost/worker-not-started.js";
import { ArtifactLocator } from "./artifact-locator.js";
import { languageMetadata } from "./contract/start-by-contract.js";
import { nameOptions } from "./name-options.js";
import { asStartFailure, startFailure } from "./start-failure.js";
import type { StartedWorker, StartWorker, WorkerEnd } from "./worker-order.js";

/**
 * How long things may take, in seconds: a start until the worker has connected, unless the task says it, and a worker
 * that nobody wants.
 */
export const lenderPatience = { start: 300, idle: 60 } as const;

/** What workers are lent from. */
export interface LenderOptions {
  readonly host: Pick<FnHost, "endpoint" | "workers">;
  readonly start: StartWorker;
  /** Called when it has closed, and nothing of its workers is left. */
  readonly onClosed?: () => Promise<void>;
  readonly patience?: { readonly [K in keyof typeof lenderPatience]: number };
}

/** Until when a worker must have connected. */
interface StartDeadline {
  readonly seconds: number;
  readonly passed: AbortSignal;
  readonly timer: NodeJS.Timeout;
}

/** More milliseconds than Node's timers can wait are none. */
const longestTimer = 2 ** 31 - 1;

interface OwnedWorker {
  readonly key: string;
  readonly job: string;
  readonly worker: Worker;
  readonly started: StartedWorker;
  timer?: NodeJS.Timeout;
}

/**
 * Starts workers for tasks and keeps those that come back idle, for tasks of the same job and environment. A worker
 * has one task at a time.
 */
export class ReusingLender implements WorkerLender {
  readonly #options: LenderOptions;
  readonly #artifacts = new ArtifactLocator();
  readonly #owned = new Map<string, OwnedWorker>();
  readonly #idle = new Map<string, OwnedWorker[]>();
  readonly #starts = new Set<Promise<unknown>>();
  readonly #stops = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: LenderOptions) {
    this.#options = options;
  }

  async borrow(request: WorkerRequest): Promise<Worker> {
    if (this.#closing.signal.aborted) throw new WorkerGoneError("the host is closing");
    const key = keyOf(request);
    const idle = this.#takeIdle(key);
    if (idle !== null) return idle;
    const start = this.#start(request, key);
    this.#starts.add(start);
    return start.finally(() => this.#starts.delete(start));
  }

  tryBorrow(request: WorkerRequest): Worker | null {
    return this.#closing.signal.aborted ? null : this.#takeIdle(keyOf(request));
  }

  giveBack(worker: Worker, isIdle: boolean): void {
    const owned = this.#owned.get(worker.id);
    if (owned === undefined) return;
    if (!isIdle || this.#closing.signal.aborted) {
      this.#stop(owned, "its task was given up");
      return;
    }
    const { idle } = this.#options.patience ?? lenderPatience;
    owned.timer = setTimeout(() => this.#stop(owned, "nobody has wanted it any more"), idle * 1_000);
    const others = this.#idle.get(owned.key);
    if (others === undefined) this.#idle.set(owned.key, [owned]);
    else others.push(owned);
  }

  /** Stops all workers of a job, whatever they do. */
  async endJob(job: string): Promise<void> {
    for (const owned of [...this.#owned.values()]) {
      if (owned.job === job) this.#stop(owned, "its job is over");
    }
    await Promise.all(this.#stops);
  }

  /** Stops all workers, and waits until nothing of them is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const owned of [...this.#owned.values()]) this.#stop(owned, "the host is closing");
    await Promise.allSettled(this.#starts);
    await Promise.all(this.#stops);
    await this.#options.onClosed?.();
  }

  #takeIdle(key: string): Worker | null {
    const idle = this.#idle.get(key)?.pop();
    clearTimeout(idle?.timer);
    return idle?.worker ?? null;
  }

  async #start(request: WorkerRequest, key: string): Promise<Worker> {
    const deadline = this.#setDeadline(request);
    try {
      return await this.#startUntil(deadline, request, key);
    } finally {
      clearTimeout(deadline.timer);
    }
  }

  #setDeadline({ workerStartSeconds }: WorkerRequest): StartDeadline {
    const { start } = this.#options.patience ?? lenderPatience;
    const seconds = workerStartSeconds > 0n ? Number(workerStartSeconds) : start;
    const passed = new AbortController();
    const timer = setTimeout(() => passed.abort(), Math.min(seconds * 1_000, longestTimer));
    return { seconds, passed: passed.signal, timer };
  }

  async #startUntil(deadline: StartDeadline, request: WorkerRequest, key: string): Promise<Worker> {
    const { host, start } = this.#options;
    const { environment, job } = request;
    if (environment === undefined) throw startFailure("worker/environment-unknown", { urn: "" });
    const worker = new Worker(randomUUID(), await this.#describe(environment, request));
    worker.isWatched = true;
    host.workers.add(worker);
    const { endpoint } = host;
    const endpoints = { control: endpoint, logging: endpoint, artifact: endpoint, provision: endpoint };
    let started: StartedWorker;
    try {
      const signal = AbortSignal.any([this.#closing.signal, deadline.passed]);
      const { workers, python, pythonPath } = request;
      const order = { workerId: worker.id, environment, endpoints, workers, python, pythonPath, signal };
      started = await start(order);
    } catch (error) {
      const failure = deadline.passed.aborted ? lateFailure(deadline) : asStartFailure(error);
      worker.end(failure.message);
      throw failure;
    }
    const owned = { key, job, worker, started };
    this.#owned.set(worker.id, owned);
    if (this.#closing.signal.aborted) this.#stop(owned, "the host is closing", false);
    void started.ended.then((end) => worker.end(describeEnd(end)));
    await this.#waitForConnection(owned, deadline);
    worker.onEnd(() => this.#stop(owned, "it has ended"));
    return worker;
  }

  async #describe(environment: Environment, { options, artifacts, job }: WorkerRequest) {
    const { dependencies, urn } = environment;
    const isEager = urn !== URN.environmentExternal;
    return {
      pipelineOptions: Struct.fromJson(nameOptions(options)),
      metadata: new Map([
        ["job_id", job],
        ["job_name", job],
        [languageMetadata, readSdk(environment).language],
      ]),
      artifacts: await this.#artifacts.locate(dependencies, artifacts, isEager),
    };
  }

  async #waitForConnection(owned: OwnedWorker, deadline: StartDeadline): Promise<void> {
    const { worker, started } = owned;
    const late = new Promise<"late">((resolve) => {
      if (deadline.passed.aborted) resolve("late");
      deadline.passed.addEventListener("abort", () => resolve("late"));
    });
    const closed = new Promise<"closed">((resolve) => worker.onEnd(() => resolve("closed")));
    const first = await Promise.race([worker.control.opened, started.ended, late, closed]);
    if (first === undefined) return;
    this.#stop(owned, "it has not connected", false);
    if (first === "late") {
      const end = await Promise.race([started.ended, started.stop(false)]);
      throw lateFailure(deadline, end?.output);
    }
    if (this.#closing.signal.aborted) throw new WorkerGoneError("the host is closing");
    throw failureOf(await started.ended);
  }

  #stop(owned: OwnedWorker, reason: string, leaves = true): void {
    const { worker, started, key, timer } = owned;
    if (!this.#owned.delete(worker.id)) return;
    clearTimeout(timer);
    const idle = this.#idle.get(key)?.filter((other) => other !== owned) ?? [];
    if (idle.length > 0) this.#idle.set(key, idle);
    else this.#idle.delete(key);
    worker.end(reason);
    const stopped = started.stop(leaves).finally(() => this.#stops.delete(stopped));
    this.#stops.add(stopped);
  }
}

function lateFailure({ seconds }: StartDeadline, output = ""): WorkerNotStartedError {
  return startFailure("worker/never-connected", { seconds }, output);
}

function keyOf({ environment, ...request }: WorkerRequest): string {
  const { job, options, artifacts, python, pythonPath, workers } = request;
  const bytes = environment === undefined ? "" : Environment.encode(environment);
  const hash = createHash("sha256").update(bytes).digest("hex");
  return JSON.stringify([job, hash, options, artifacts, python, pythonPath, workers]);
}

function describeEnd({ how, output }: WorkerEnd): string {
  const text = `the worker has ended with ${how}`;
  return output === "" ? text : `${text}; the end of its output:\n${output}`;
}

function failureOf({ how, output, failure }: WorkerEnd): WorkerNotStartedError {
  return failure ?? startFailure("worker/ended", { end: how }, output);
}
