import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { PackageStore } from "./contract/package-store.js";
import { createStarter } from "./environments.js";
import type { WorkerContext } from "./worker-context.js";
import { type LenderOptions, ReusingLender } from "./worker-lender.js";

/** What a host lends workers with. */
export interface LenderRequest extends Omit<LenderOptions, "start">, Pick<WorkerContext, "onOutput"> {
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Makes a lender whose workers have their folders among the system's temporary ones. It is to be closed; what a
 * process that is killed leaves behind is a folder, and no worker.
 */
export async function openLender(request: LenderRequest): Promise<ReusingLender> {
  const { variables, onOutput, ...options } = request;
  const folder = makeTemporaryFolder("beam2spark-workers-");
  const packages = join(folder.path, "packages");
  await mkdir(packages);
  const start = createStarter({
    folder: folder.path,
    python: "python3",
    boot: null,
    docker: "docker",
    variables,
    packages: new PackageStore(packages),
    onOutput,
  });
  return new ReusingLender({ ...options, start, onClosed: folder.remove });
}
