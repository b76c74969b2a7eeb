import type { Environment } from "../beam/protos/types/environment.js";
import type { Worker } from "./worker.js";

/** The worker that a task wants. */
export interface WorkerRequest {
  /** Names the job: its workers are lent to its own tasks alone. */
  readonly job: string;
  /** Where the functions of the task's stage run; undefined where it has none. */
  readonly environment: Environment | undefined;
  /** The pipeline's options, as JSON. */
  readonly options: string;
  /** The folder with the files that the environment depends on; empty where there is none. */
  readonly artifacts: string;
}

/** Lends workers to tasks, one to each at a time. */
export interface WorkerLender {
  /** Errors: WorkerNotStartedError where no worker can be started. */
  borrow(request: WorkerRequest): Promise<Worker>;
  /** Takes a worker back; one that was in the middle of something is not lent again. */
  giveBack(worker: Worker, isIdle: boolean): void;
}
