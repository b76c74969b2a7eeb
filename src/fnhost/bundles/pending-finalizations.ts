import type { Worker } from "../worker.js";
import { usualPatience, type WorkerPatience, watchProgress } from "./watch-progress.js";

/**
 * Bundles whose functions want something done once their results are safe. A host is not told of Spark's commit: the
 * nearest that it knows of is that a task has taken all its results, so that is when they are finalized. A task that
 * fails before has finalized none, and is tried again.
 */
export class PendingFinalizations {
  readonly #patience: WorkerPatience;
  #pending: { readonly worker: Worker; readonly instruction: string }[] = [];

  constructor(patience: WorkerPatience = usualPatience) {
    this.#patience = patience;
  }

  add(worker: Worker, instruction: string): void {
    this.#pending.push({ worker, instruction });
  }

  /** Finalizes what waits for it. A failure is the function's own affair, as Beam has it: the worker has logged it. */
  async finalize(): Promise<void> {
    for (const { worker, instruction } of this.#pending.splice(0)) {
      const instructionId = `${instruction}-finalize`;
      const stop = watchProgress(worker, instructionId, this.#patience);
      const asked = worker.control.ask({ instructionId, finalizeBundle: { instructionId: instruction } });
      await asked.catch(() => {});
      stop();
    }
  }
}
