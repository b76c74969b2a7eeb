import type { DriverJobEvent, JobOutcome } from "./driver-protocol.js";

/** A job for a driver. */
export interface DriverJob {
  readonly id: string;
  /** The folder of an emitted project. */
  readonly project: string;
  /** The arguments of its job.py. */
  readonly arguments: readonly string[];
}

/** A Spark session that stays, in a process of its own, and runs jobs side by side. */
export interface Driver {
  /** Where its Spark shows what it does, if it does. */
  readonly webUrl: string | null;
  readonly processId: number;
  /** Whether it takes jobs still. */
  isAlive(): boolean;
  /**
   * Runs a job to its end; its events are handed on as they come. Errors: a DriverEndedError; what `onEvent` throws,
   * which cancels this job alone.
   */
  run(job: DriverJob, onEvent: (event: DriverJobEvent) => void): Promise<JobOutcome>;
  /** Asks the driver to stop a job; ends the driver itself if the job is still there some seconds later. */
  cancel(id: string): void;
  /** Ends the driver and all of its processes, gently at first; resolves when they are gone. */
  stop(): Promise<void>;
  /** Resolves when the driver has ended for whatever reason, and nothing of it is left. */
  readonly ended: Promise<void>;
}

/** A driver ended while something was asked of it. */
export class DriverEndedError extends Error {
  /** How it ended: its status or its signal, and the reason where we ended it. */
  readonly end: string;
  /** The end of its log, without Spark's usual chatter. What all its jobs have written is in it. */
  readonly log: string;

  constructor(end: string, log: string) {
    super(`the driver ended with ${end}`);
    this.name = "DriverEndedError";
    this.end = end;
    this.log = log;
  }
}
