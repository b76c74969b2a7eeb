import type { Draft } from "../beam/protos/message-type.js";
import type { ProvisionInfo } from "../beam/protos/types/provision.js";
import { ControlStream } from "./control-stream.js";
import { DataStream } from "./data-stream.js";
import type { HostedArtifact } from "./hosted-artifact.js";
import { WorkerLogs } from "./logs/worker-logs.js";
import { StateStream } from "./state-stream.js";

/** What a worker is told when it starts, beside the addresses of the host. */
export type ProvisionFacts = Pick<
  Exclude<Draft<ProvisionInfo>, Uint8Array>,
  "pipelineOptions" | "metadata"
> & {
  /** The files that it may fetch. */
  readonly artifacts?: readonly HostedArtifact[];
};

/** How long the end of a worker's process may be noticed after that of its streams, in milliseconds. */
const patience = 1_000;

/**
 * One worker that was asked for: first only a name, then the streams that it opens, and at last the reason of its
 * end. It opens its data and state streams when a bundle first wants them.
 */
export class Worker {
  readonly id: string;
  readonly facts: ProvisionFacts;
  readonly control = new ControlStream();
  readonly data = new DataStream();
  readonly state = new StateStream();
  readonly logs = new WorkerLogs();
  /** Whether somebody tells how its process ends, which says more than that of its streams. */
  isWatched = false;
  readonly #opened = new Set<string>();
  readonly #endListeners = new Set<(reason: string) => void>();
  #end: string | null = null;

  constructor(id: string, facts: ProvisionFacts) {
    this.id = id;
    this.facts = facts;
  }

  /** Notes that it opens a stream. @returns whether it is the first of its kind */
  opens(kind: "control" | "data" | "state"): boolean {
    const isFirst = !this.#opened.has(kind);
    this.#opened.add(kind);
    return isFirst;
  }

  /** Calls the listener when the worker ends, or now where it has. @returns what takes the listener away again */
  onEnd(listener: (reason: string) => void): () => void {
    if (this.#end !== null) listener(this.#end);
    else this.#endListeners.add(listener);
    return () => this.#endListeners.delete(listener);
  }

  /** Ends it because one of its streams has ended; the end of its process is waited for where somebody tells of it. */
  lose(reason: string): void {
    if (this.isWatched) setTimeout(() => this.end(reason), patience);
    else this.end(reason);
  }

  /** Ends it for the host's part: its streams are closed, and whoever waits for it is told the reason. */
  end(reason: string): void {
    if (this.#end !== null) return;
    this.#end = reason;
    this.control.end(reason);
    this.data.end();
    this.state.end();
    for (const listener of this.#endListeners) listener(reason);
    this.#endListeners.clear();
  }
}
