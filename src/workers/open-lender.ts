import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { createStarter } from "./environments.js";
import { makeContext } from "./make-context.js";
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
  const context = makeContext({ folder: folder.path, variables, onOutput });
  return new ReusingLender({
    ...options,
    start: createStarter(context),
    onClosed: async () => {
      await Promise.all([context.packages.close(), context.forkers.close()]);
      folder.remove();
    },
  });
}
