import { decodeProcessPayload } from "../beam/payloads/environment.js";
import { checkBinary, checkMachine } from "./check-binary.js";
import { bootWords } from "./contract/boot-words.js";
import { findCommand } from "./find-command.js";
import { nameMachine } from "./machine-names.js";
import { startFailure } from "./start-failure.js";
import type { WorkerContext } from "./worker-context.js";
import { makeWorkerFolder } from "./worker-folder.js";
import type { StartedWorker, WorkerOrder } from "./worker-order.js";
import { startWorkerProcess } from "./worker-process.js";

/**
 * `beam:env:process:v1`: a command on this machine, which is told what a container's boot program is told
 * (`beam_runner_api.proto`, ProcessPayload).
 */
export async function startProcessWorker(order: WorkerOrder, context: WorkerContext): Promise<StartedWorker> {
  const { urn, payload } = order.environment;
  const decoded = decodeProcessPayload(payload);
  if (!decoded.ok) throw startFailure("worker/environment-unreadable", { urn, reason: decoded.why });
  const { command, env, os, arch } = decoded.value;
  const own = Object.fromEntries(env);
  checkMachine(nameMachine(os, arch), command);
  const program = findCommand(command, { ...context.variables, ...own });
  if (program === null) throw startFailure("worker/not-started", { reason: `no program ${command} is here` });
  await checkBinary(program, command);
  const folder = await makeWorkerFolder(context.folder);
  return startWorkerProcess({
    command: [program, ...bootWords(order.workerId, order.endpoints, folder.path)],
    variables: { ...context.variables, TMPDIR: folder.temporary, ...own },
    folder: folder.path,
    orphan: context.folder,
    onLine: (line) => context.onOutput(order.workerId, line),
    clear: folder.remove,
  });
}
