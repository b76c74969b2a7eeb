import { readSdk } from "../beam/recognise/read-sdk.js";
import { URN } from "../beam/urns.js";
import { startAnyOf } from "./any-of.js";
import { startByContract } from "./contract/start-by-contract.js";
import { startDockerWorker } from "./docker.js";
import type { EnvironmentChoice } from "./environment-choice.js";
import { startExternalWorker, startPoolWorker } from "./external.js";
import { startProcessWorker } from "./process.js";
import { startFailure } from "./start-failure.js";
import type { WorkerContext } from "./worker-context.js";
import type { StartedWorker, StartWorker, WorkerOrder } from "./worker-order.js";

type EnvironmentStarter = (
  order: WorkerOrder,
  context: WorkerContext,
  start: StartWorker,
) => Promise<StartedWorker>;

/** How workers are started in each kind of environment, by its URN. */
const starters = {
  [URN.environmentExternal]: startExternalWorker,
  [URN.environmentProcess]: startProcessWorker,
  [URN.environmentDocker]: startDockerWorker,
  [URN.environmentDefault]: startHere,
  [URN.environmentAnyOf]: (order, _context, start) => startAnyOf(order, start),
} satisfies Readonly<Record<string, EnvironmentStarter>>;

/** Starts workers where their environment says, or where somebody has chosen instead. */
export function createStarter(context: WorkerContext, choice: EnvironmentChoice): StartWorker {
  const start: StartWorker = async (order) => {
    const { urn } = order.environment;
    if (choice.kind === "pool")
      return startPoolWorker(order, { endpoint: choice.endpoint, params: new Map() });
    if (choice.kind === "process" && urn !== URN.environmentProcess) return startHere(order, context);
    const starter = (starters as Readonly<Record<string, EnvironmentStarter>>)[urn];
    if (starter === undefined) throw startFailure("worker/environment-unknown", { urn });
    return starter(order, context, start);
  };
  return start;
}

function startHere(order: WorkerOrder, context: WorkerContext): Promise<StartedWorker> {
  return startByContract({ ...order, language: readSdk(order.environment).language }, context);
}
