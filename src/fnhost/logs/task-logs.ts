import type { Draft } from "../../beam/protos/message-type.js";
import type { LogMessage } from "../../beam/protos/types/link.js";
import type { LogEntry } from "../../beam/protos/types/logging.js";
import { createLogMessage } from "./log-message.js";

/** So many messages of a task go over the link. */
const mostMessages = 1_000;

/**
 * Log entries travel on a stream of their own. Those of a bundle that has just ended are mostly there so many
 * milliseconds later; those that come even later are in the host's log.
 */
const settleMillis = 10;

/** What is logged in the bundles of one task, on its way to the task: up to a limit. */
export class TaskLogs {
  readonly #names: ReadonlyMap<string, string>;
  readonly #send: (message: Draft<LogMessage>) => void;
  #sent = 0;
  #leftOut = 0;

  /** @param names the full names of the stage's transforms, by id */
  constructor(names: ReadonlyMap<string, string>, send: (message: Draft<LogMessage>) => void) {
    this.#names = names;
    this.#send = send;
  }

  take(entry: LogEntry): void {
    if (this.#sent >= mostMessages) {
      this.#leftOut++;
      return;
    }
    this.#sent++;
    this.#send(createLogMessage(entry, this.#names));
  }

  /** Waits for what is still on its way, and says how much was left out. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, settleMillis));
    if (this.#leftOut === 0) return;
    const text = `${this.#leftOut} more messages of this task were left out`;
    this.#leftOut = 0;
    this.#send({ importance: "warning", text });
  }
}
