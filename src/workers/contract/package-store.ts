import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startFailure } from "../start-failure.js";
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
}

/** Packages that workers have staged, installed once for all that have the same files. */
export class PackageStore {
  readonly #folder: string;
  readonly #installed = new Map<string, Promise<string>>();

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
    let installed = this.#installed.get(key);
    if (installed === undefined) {
      installed = installAll(steps, join(this.#folder, `packages-${key.slice(0, 16)}`), order);
      this.#installed.set(key, installed);
      // The next worker tries again.
      installed.catch(() => this.#installed.delete(key));
    }
    return installed;
  }
}

async function installAll(steps: readonly PipStep[], folder: string, order: PackagesOrder): Promise<string> {
  await mkdir(folder, { recursive: true });
  try {
    for (const step of steps) await installOne(step, folder, order);
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
  return folder;
}

async function installOne({ name, words }: PipStep, folder: string, order: PackagesOrder): Promise<void> {
  const ways = waysOf(name, words[0] === "-r");
  let last = { how: "", output: "" };
  for (const way of ways) {
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
      onLine: order.onLine,
      clear: async () => {},
    });
    last = await process.ended;
    if (last.how === "exit code 0") return;
  }
  throw startFailure("worker/packages-failed", { name, end: last.how }, last.output);
}

// What lies staged comes first. A package is built with the tools at hand or, if those can't, with pip's.
function waysOf(name: string, isList: boolean): readonly (readonly string[])[] {
  if (isList) return [["--no-index"], []];
  return name.endsWith(".whl") ? [["--no-index"]] : [["--no-index", "--no-build-isolation"], []];
}
