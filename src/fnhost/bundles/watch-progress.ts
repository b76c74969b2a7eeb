import { URN } from "../../beam/urns.js";
import type { Worker } from "../worker.js";

/** How long workers are waited for, in milliseconds. */
export interface WorkerPatience {
  /** How often the progress of a bundle is asked for. */
  readonly progressMillis: number;
  /** A worker that hasn't answered for so long is taken for hung, and ended. */
  readonly hungMillis: number;
  /** How long the last bundle of a task may run before an idle worker is given a part of it. */
  readonly splitMillis: number;
}

export const usualPatience: WorkerPatience = { progressMillis: 5_000, hungMillis: 60_000, splitMillis: 500 };

/**
 * Watches over a worker for as long as an instruction lasts.
 *
 * @returns what ends the watch
 */
export type ProgressWatch = (worker: Worker, instruction: string) => () => void;

/**
 * How workers with these capabilities are watched: those that declare to answer are asked for their progress; of others
 * nothing but the end of their streams tells.
 */
export function createProgressWatch(
  capabilities: ReadonlySet<string>,
  patience: WorkerPatience,
): ProgressWatch {
  if (!tellsProgress(capabilities)) return () => () => {};
  return (worker, instruction) => watchProgress(worker, instruction, patience);
}

/** Whether workers with these capabilities answer how far a bundle is: Python's declare the older protocol for it. */
export function tellsProgress(capabilities: ReadonlySet<string>): boolean {
  return [URN.protocolProgressReporting, URN.protocolLegacyProgressReporting].some((urn) =>
    capabilities.has(urn),
  );
}

/**
 * Asks a worker how far an instruction is, again and again, and ends the worker once it doesn't answer any more. What
 * it answers doesn't matter, an error neither: a function that takes long doesn't keep a worker from answering.
 *
 * Questions without an answer are counted, not the time: where this machine has slept, the worker has too.
 *
 * @returns what ends the asking
 */
function watchProgress(
  worker: Worker,
  instruction: string,
  { progressMillis, hungMillis }: WorkerPatience,
): () => void {
  let asked = 0;
  let waiting = 0;
  const ask = (): void => {
    waiting = 1;
    const answered = (): void => {
      waiting = 0;
    };
    worker.control
      .ask({
        instructionId: `${instruction}-progress-${++asked}`,
        processBundleProgress: { instructionId: instruction },
      })
      .then(answered, answered);
  };
  const timer = setInterval(() => {
    if (waiting === 0) ask();
    else if (waiting++ * progressMillis >= hungMillis)
      worker.end(`the worker has hung: it has not answered for ${hungMillis / 1_000} s`);
  }, progressMillis);
  return () => clearInterval(timer);
}
