import type { Worker } from "../worker.js";
import type { ProgressWatch } from "./watch-progress.js";

/**
 * Bundles whose functions want something done once their results are safe. A host is not told of Spark's commit: the
 * nearest that it knows of is that a task has taken all its results, so that is when they are finalized. A task that
 * fails before has finalized none, and is tried again.
 */
export class PendingFinalizations {
  readonly #watch: ProgressWatch;
  #pending: { readonly worker: Worker; readonly instruction: string }[] = [];

  constructor(watch: ProgressWatch) {
    this.#watch = watch;
  }

  add(worker: Worker, instruction: string): void {
    this.#pending.push({ worker, instruction });
  }

  /** Whether a worker will be wanted for it. */
  wants(worker: Worker): boolean {
    return this.#pending.some((one) => one.worker === worker);
  }

  /** Finalizes what waits for it. A failure is the function's own affair, as Beam has it: the worker has logged it. */
  async finalize(): Promise<void> {
    for (const { worker, instruction } of this.#pending.splice(0)) {
      const instructionId = `${instruction}-finalize`;
      const stop = this.#watch(worker, instructionId);
      const asked = worker.control.ask({ instructionId, finalizeBundle: { instructionId: instruction } });
      await asked.catch(() => {});
      stop();
    }
  }
}
