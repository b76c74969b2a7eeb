import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startFailure } from "../start-failure.js";
import { unlessAborted } from "../unless-aborted.js";
import { startWorkerProcess } from "../worker-process.js";
import type { FetchedArtifact } from "./fetch-artifacts.js";
import { listPackages, type PipStep } from "./list-packages.js";

/** What is to be installed, and with what. */
export interface PackagesOrder {
  readonly staged: string;
  readonly artifacts: readonly FetchedArtifact[];
  readonly python: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
  /** Gives the wish up; the installation goes on, for whoever asks next. */
  readonly signal?: AbortSignal | undefined;
}

/** Packages that workers have staged, installed once for all that have the same files. */
export class PackageStore {
  readonly #folder: string;
  readonly #installed = new Map<string, Promise<string>>();
  readonly #closing = new AbortController();
  #names = 0;

  /** @param folder where they are installed; it belongs to whoever makes the store */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Installs the packages among a worker's files, unless another worker has done so.
   *
   * @returns the folder for the worker's path, null where nothing is to be installed. Errors: a WorkerNotStartedError
   */
  async install(order: PackagesOrder): Promise<string | null> {
    const steps = listPackages(order.staged, order.artifacts);
    if (steps.length === 0) return null;
    const files = order.artifacts.map(({ name, sha256 }) => [name, sha256]).sort();
    const key = createHash("sha256")
      .update(JSON.stringify([order.python, files]))
      .digest("hex");
    for (;;) {
      const known = this.#installed.get(key);
      const installed = known ?? this.#installAll(steps, order);
      this.#installed.set(key, installed);
      installed.catch(() => {
        if (this.#installed.get(key) === installed) this.#installed.delete(key);
      });
      try {
        return await unlessAborted(installed, order.signal);
      } catch (error) {
        order.signal?.throwIfAborted();
        // That another worker's installation has failed, or was given up, says nothing of this one.
        if (known === undefined) throw error;
      }
    }
  }

  /** Stops what is being installed, and waits until nothing runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#installed.values());
  }

  async #installAll(steps: readonly PipStep[], order: PackagesOrder): Promise<string> {
    const folder = join(this.#folder, `packages-${++this.#names}`);
    await mkdir(folder, { recursive: true });
    try {
      for (const step of steps) await installOne(step, folder, order, this.#closing.signal);
    } catch (error) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      throw error;
    }
    return folder;
  }
}

async function installOne(
  { name, words }: PipStep,
  folder: string,
  order: PackagesOrder,
  closing: AbortSignal,
): Promise<void> {
  const ways = waysOf(name, words[0] === "-r");
  let last = { how: "", output: "" };
  for (const way of ways) {
    closing.throwIfAborted();
    const pip = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--quiet",
      "--upgrade",
      "--target",
      folder,
    ];
    const process = startWorkerProcess({
      command: [order.python, ...pip, ...way, ...words],
      variables: order.variables,
      folder: order.staged,
      orphan: folder,
      onLine: order.onLine,
      clear: async () => {},
    });
    const giveUp = (): void => void process.stop(false);
    closing.addEventListener("abort", giveUp);
    last = await process.ended;
    closing.removeEventListener("abort", giveUp);
    if (last.how === "exit code 0") return;
  }
  throw startFailure("worker/packages-failed", { name, end: last.how }, last.output);
}

// What lies staged comes first. A package is built with the tools at hand or, if those can't, with pip's.
function waysOf(name: string, isList: boolean): readonly (readonly string[])[] {
  if (isList) return [["--no-index"], []];
  return name.endsWith(".whl") ? [["--no-index"]] : [["--no-index", "--no-build-isolation"], []];
}
