import type { Metadata } from "@grpc/grpc-js";
import type { Worker } from "./worker.js";

/** The workers that were asked for, by id. An id is a secret: whoever knows it is taken for the worker. */
export class Workers {
  readonly #workers = new Map<string, Worker>();

  add(worker: Worker): void {
    this.#workers.set(worker.id, worker);
    worker.onEnd(() => this.#workers.delete(worker.id));
  }

  /** The worker that a call comes from, by its `worker_id` header, or null for one that nobody has asked for. */
  of(metadata: Metadata): Worker | null {
    const [id] = metadata.get("worker_id");
    return typeof id === "string" ? this.named(id) : null;
  }

  /** The worker of an id, or null for one that nobody has asked for. */
  named(id: string): Worker | null {
    return this.#workers.get(id) ?? null;
  }

  all(): readonly Worker[] {
    return [...this.#workers.values()];
  }
}
