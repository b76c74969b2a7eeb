import { type LogEntry, LogEntrySeverity } from "../../beam/protos/types/logging.js";

/** Takes what is logged in a task's bundles. */
export type TaskLogListener = (entry: LogEntry) => void;

/** Where Python's harness logs what it does itself. Beam's tests of its runners lie there, too. */
const harness = /[/\\]apache_beam[/\\]runners[/\\](?!.*_test\.py)/;

/**
 * Where Go's client logs: it repeats the job's messages, and in LOOPBACK all that its process logs comes here. To take
 * them for the task's would send them round and round.
 */
const goClient = /[/\\]pkg[/\\]beam[/\\]runners[/\\]/;

/** Where log entries of the tasks go that one worker works for, by the instruction that they name. */
export class WorkerLogs {
  readonly #listeners = new Map<string, TaskLogListener>();

  /** @param task the name with which the task's instructions begin @returns what ends it */
  open(task: string, listener: TaskLogListener): () => void {
    this.#listeners.set(task, listener);
    return () => this.#listeners.delete(task);
  }

  /**
   * Hands an entry to its task. One that names no instruction, as those of threads that a function has started, is of
   * the only task that there is; what the SDK's harness notes of itself, and what its client says, is of none.
   *
   * @returns whether there is such a task
   */
  take(entry: LogEntry): boolean {
    const { instructionId, severity, logLocation } = entry;
    if (severity < LogEntrySeverity.WARN && harness.test(logLocation)) return false;
    if (goClient.test(logLocation)) return false;
    const [only] = this.#listeners.size === 1 ? this.#listeners.values() : [];
    const listener = instructionId === "" ? only : this.#listenerOf(instructionId);
    listener?.(entry);
    return listener !== undefined;
  }

  /** The longest of the names with which an instruction begins: a bundle's finalization has a longer one than it. */
  #listenerOf(instruction: string): TaskLogListener | undefined {
    for (let cut = instruction.lastIndexOf("-"); cut > 0; cut = instruction.lastIndexOf("-", cut - 1)) {
      const listener = this.#listeners.get(instruction.slice(0, cut));
      if (listener !== undefined) return listener;
    }
    return undefined;
  }
}
