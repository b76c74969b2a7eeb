import type { Environment } from "../beam/protos/types/environment.js";
import type { OpenStage } from "../beam/protos/types/link.js";
import type { Worker } from "./worker.js";

/** The worker that a task wants: what its OpenStage says of the job and of how workers are started. */
export interface WorkerRequest
  extends Pick<
    OpenStage,
    "job" | "options" | "artifacts" | "python" | "pythonPath" | "workers" | "workerStartSeconds"
  > {
  /** Where the functions of the task's stage run; undefined where it has none. */
  readonly environment: Environment | undefined;
}

/** Lends workers to tasks, one to each at a time. */
export interface WorkerLender {
  /** Errors: WorkerNotStartedError where no worker can be started. */
  borrow(request: WorkerRequest): Promise<Worker>;
  /** Lends a worker that is there and idle; null where none is: nothing is started for it. */
  tryBorrow(request: WorkerRequest): Worker | null;
  /** Takes a worker back; one that was in the middle of something is not lent again. */
  giveBack(worker: Worker, isIdle: boolean): void;
  /** Stops all workers of a job that is over. */
  endJob(job: string): Promise<void>;
}
