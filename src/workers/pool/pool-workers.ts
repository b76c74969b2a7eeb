import type { StartWorkerRequest } from "../../beam/protos/types/worker-pool.js";
import { WorkerNotStartedError } from "../../fnhost/worker-not-started.js";
import { startByContract } from "../contract/start-by-contract.js";
import type { WorkerContext } from "../worker-context.js";
import type { StartedWorker, WorkerEndpoints } from "../worker-order.js";

interface PoolWorker {
  readonly giveUp: AbortController;
  readonly started: Promise<StartedWorker>;
}

/** The workers of a pool, by id. */
export class PoolWorkers {
  readonly #context: WorkerContext;
  readonly #workers = new Map<string, PoolWorker>();
  #isClosing = false;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Starts a worker. Errors: an Error that says, in its first line, why not. */
  async start(request: StartWorkerRequest): Promise<StartedWorker> {
    const { workerId } = request;
    if (this.#isClosing) throw new Error("the pool is closing");
    if (workerId === "") throw new Error("the request names no worker");
    if (this.#workers.has(workerId)) throw new Error(`the worker ${workerId} is here already`);
    const endpoints = endpointsOf(request);
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const order = { workerId, endpoints, signal, python: "", pythonPath: [], language: null };
    const started = startByContract(order, this.#context);
    this.#workers.set(workerId, { giveUp, started });
    const forget = (): boolean => this.#workers.delete(workerId);
    // It is here until nothing of it is left.
    started.then(({ ended, stop }) => ended.then(() => stop(true)).then(forget), forget);
    try {
      return await started;
    } catch (error) {
      throw new Error(describeFailure(error as Error));
    }
  }

  /** Stops a worker whose host has let go of it, and waits until nothing of it is left. Out: whether there was one. */
  stop(workerId: string): Promise<boolean> {
    return this.#stop(workerId, true);
  }

  /** Stops all workers, and starts none any more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#workers.keys()].map((workerId) => this.#stop(workerId, false)));
  }

  async #stop(workerId: string, leaves: boolean): Promise<boolean> {
    const worker = this.#workers.get(workerId);
    if (worker === undefined) return false;
    worker.giveUp.abort();
    // One that fails to start has cleared up already.
    await worker.started.then(
      (started) => started.stop(leaves),
      () => {},
    );
    return true;
  }
}

function describeFailure(error: Error): string {
  if (!(error instanceof WorkerNotStartedError) || error.diagnostic.hint === undefined) return error.message;
  const [first, ...output] = error.message.split("\n");
  return [`${first} (${error.diagnostic.hint})`, ...output].join("\n");
}

function endpointsOf(request: StartWorkerRequest): WorkerEndpoints {
  const read = (name: "control" | "logging" | "artifact" | "provision"): string => {
    const descriptor = request[`${name}Endpoint`];
    if (descriptor?.authentication !== undefined) {
      throw new Error(`the host's ${name} service wants authentication, which workers can't give`);
    }
    return descriptor?.url ?? "";
  };
  const provision = read("provision");
  if (provision === "")
    throw new Error("the request names no provision service, where a worker's start begins");
  return { provision, control: read("control"), logging: read("logging"), artifact: read("artifact") };
}
