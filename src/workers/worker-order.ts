import type { Environment } from "../beam/protos/types/environment.js";
import type { WorkerNotStartedError } from "../fnhost/worker-not-started.js";

/** Where a worker finds its host's services, each as `host:port`. */
export interface WorkerEndpoints {
  readonly control: string;
  readonly logging: string;
  readonly artifact: string;
  readonly provision: string;
}

/** What a worker is started with. */
export interface WorkerOrder {
  /** A secret: whoever knows it is taken for the worker. */
  readonly workerId: string;
  readonly environment: Environment;
  readonly endpoints: WorkerEndpoints;
  /** How it is to be started: see `readWorkersChoice`. */
  readonly workers: string;
  /** The Python that Python's workers run with; empty for that of whoever starts it. */
  readonly python: string;
  /** The folders and archives in which Python's workers find modules, beside what is staged. */
  readonly pythonPath: readonly string[];
  /** Gives the start up. */
  readonly signal?: AbortSignal | undefined;
}

/** How a worker has ended. */
export interface WorkerEnd {
  /** Such as `exit code 3`, for "it ended with …". */
  readonly how: string;
  /** The end of what it wrote. */
  readonly output: string;
  /** What it means where the worker had not connected yet, if that is more than that it has ended. */
  readonly failure?: WorkerNotStartedError;
}

/** A worker that was started, connected or not. */
export interface StartedWorker {
  /** Kept when it has ended, whatever the reason. */
  readonly ended: Promise<WorkerEnd>;
  /**
   * Stops it, with its children, and removes what it had on the disk. Never fails.
   *
   * @param leaves whether its host has ended its streams, so that it leaves by itself if it is given a moment
   */
  stop(leaves: boolean): Promise<void>;
}

/** Starts a worker. Errors: a WorkerNotStartedError; what was started until then is stopped. */
export type StartWorker = (order: WorkerOrder) => Promise<StartedWorker>;
