import { delimiter, isAbsolute } from "node:path";
import { superviseWorker } from "../supervise-worker.js";
import { unlessAborted } from "../unless-aborted.js";
import type { StartedWorker } from "../worker-order.js";
import type { WorkerProcess } from "../worker-process.js";
import { Forker } from "./forker.js";

/** What forking processes are made with. */
export interface ForkersOptions {
  /** Each gets a folder in it. */
  readonly folder: string;
  /** The environment variables that they and all workers have. */
  readonly variables: NodeJS.ProcessEnv;
  /** Takes what they write, line by line. */
  readonly onOutput: (name: string, line: string) => void;
}

/** A worker that could be forked. */
export interface ForkWish {
  readonly python: string;
  /** The module that it runs, as `python -m` does. */
  readonly module: string;
  readonly worker: WorkerProcess;
  /** Gives the wish up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Processes that have imported what Python workers import and become one whenever one is wanted, so that only the
 * first waits for the imports. There is one for each Python.
 */
export class Forkers {
  readonly #options: ForkersOptions;
  readonly #forkers = new Map<string, Forker>();
  readonly #all = new Set<Forker>();
  #names = 0;
  #isClosed = false;

  constructor(options: ForkersOptions) {
    this.#options = options;
  }

  /**
   * Forks a worker. Out: null where it has to be started in the plain way: where it would not be the same, forks are
   * not to be had, or anything has failed. Errors: the signal's reason.
   */
  async start({ python, module, worker, signal }: ForkWish): Promise<StartedWorker | null> {
    const { PYTHONPATH } = worker.variables;
    const places = PYTHONPATH ? PYTHONPATH.split(delimiter) : [];
    if (process.platform !== "linux" || !places.every(isAbsolute)) return null;
    const key = JSON.stringify([python, module]);
    // A second time where something was installed since the first.
    for (let attempt = 0; attempt < 2 && !this.#isClosed; attempt++) {
      const forker = this.#forkers.get(key) ?? this.#open(key, { python, module, worker });
      if (!(await unlessAborted(forker.ready, signal))) return null;
      const outcome = await forker.fork(worker);
      if (typeof outcome !== "string") return superviseWorker(outcome, worker);
      if (outcome !== "outdated") return null;
      if (this.#forkers.get(key) === forker) this.#forkers.delete(key);
      forker.retire();
    }
    return null;
  }

  /** Ends them; their workers are to have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((forker) => forker.stop()));
  }

  #open(key: string, { python, module, worker }: ForkWish): Forker {
    const name = `forker-${++this.#names}`;
    const { folder, variables, onOutput } = this.#options;
    const { PYTHONPATH = "", PYTHONUNBUFFERED } = worker.variables;
    const forker = new Forker({
      python,
      module,
      variables: { ...variables, PYTHONPATH, PYTHONUNBUFFERED },
      folder,
      onLine: (line) => onOutput(name, line),
    });
    this.#forkers.set(key, forker);
    this.#all.add(forker);
    void forker.gone.then(() => this.#all.delete(forker));
    return forker;
  }
}
