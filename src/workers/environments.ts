import { decodeDockerPayload } from "../beam/payloads/environment.js";
import type { Environment } from "../beam/protos/types/environment.js";
import { readSdk } from "../beam/recognise/read-sdk.js";
import { URN } from "../beam/urns.js";
import { startAnyOf } from "./any-of.js";
import { startByContract } from "./contract/start-by-contract.js";
import { startDockerWorker } from "./docker.js";
import { startExternalWorker, startPoolWorker } from "./external.js";
import { startProcessWorker } from "./process.js";
import { startFailure } from "./start-failure.js";
import type { WorkerContext } from "./worker-context.js";
import type { StartedWorker, StartWorker, WorkerOrder } from "./worker-order.js";
import { readWorkersChoice } from "./workers-choice.js";

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

/** Images that Beam publishes, for SDKs whose workers need nothing of them: what is the user's is staged. */
const emptyImage = /^(docker\.io\/)?apache\/beam_(python[\d.]+|go)_sdk(:[\w.]+)?$/;

/** Starts workers where their environment says, or where their order has it instead. */
export function createStarter(context: WorkerContext): StartWorker {
  const start: StartWorker = async (order) => {
    const { environment, workers } = order;
    const choice = readWorkersChoice(workers);
    if (choice === null) throw startFailure("worker/choice-unknown", { choice: workers });
    if (choice.kind === "pool") return startPoolWorker(order, choice);
    if (isStartedHere(environment, choice.kind)) return startHere(order, context);
    const { urn } = environment;
    const starter = (starters as Readonly<Record<string, EnvironmentStarter>>)[urn];
    if (starter === undefined) throw startFailure("worker/environment-unknown", { urn });
    return starter(order, context, start);
  };
  return start;
}

function isStartedHere({ urn, payload }: Environment, choice: "auto" | "process" | "docker"): boolean {
  if (choice === "process") return urn !== URN.environmentProcess;
  if (choice === "docker" || urn !== URN.environmentDocker) return false;
  const decoded = decodeDockerPayload(payload);
  return decoded.ok && emptyImage.test(decoded.value.containerImage);
}

function startHere(order: WorkerOrder, context: WorkerContext): Promise<StartedWorker> {
  return startByContract({ ...order, language: readSdk(order.environment).language }, context);
}
