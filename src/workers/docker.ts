import { decodeDockerPayload } from "../beam/payloads/environment.js";
import { bootWords } from "./contract/boot-words.js";
import { findCommand } from "./find-command.js";
import { startFailure } from "./start-failure.js";
import type { WorkerContext } from "./worker-context.js";
import { makeWorkerFolder } from "./worker-folder.js";
import type { StartedWorker, WorkerOrder } from "./worker-order.js";
import { startWorkerProcess } from "./worker-process.js";

/**
 * `beam:env:docker:v1`: a container, through the docker command line, in the network of this machine, because the
 * host listens on its loopback interface (`beam_runner_api.proto`, DockerPayload).
 */
export async function startDockerWorker(order: WorkerOrder, context: WorkerContext): Promise<StartedWorker> {
  const { urn, payload } = order.environment;
  const decoded = decodeDockerPayload(payload);
  if (!decoded.ok) throw startFailure("worker/environment-unreadable", { urn, reason: decoded.why });
  const image = decoded.value.containerImage;
  const docker = findCommand(context.docker, context.variables);
  if (docker === null) {
    throw startFailure("worker/docker-missing", { image, reason: `there is no ${context.docker} command` });
  }
  const reason = await findEngineFault(docker, order, context);
  if (reason !== null) throw startFailure("worker/docker-missing", { image, reason });
  order.signal?.throwIfAborted();
  const name = `beam2spark-${order.workerId}`;
  const folder = await makeWorkerFolder(context.folder);
  const words = bootWords(order.workerId, order.endpoints, "/tmp");
  return startWorkerProcess({
    command: [docker, "run", "--rm", "--init", "--network=host", `--name=${name}`, image, ...words],
    variables: context.variables,
    folder: folder.path,
    orphan: context.folder,
    onLine: (line) => context.onOutput(order.workerId, line),
    clear: async () => {
      // The container is no child of the command: it may be there still.
      await startDocker(docker, ["rm", "--force", name], context).ended;
      await folder.remove();
    },
  });
}

/** Asks the engine for its version. Out: why it can't start containers, null where it can. */
async function findEngineFault(
  docker: string,
  { signal }: WorkerOrder,
  context: WorkerContext,
): Promise<string | null> {
  const asked = startDocker(docker, ["version", "--format", "{{.Server.Version}}"], context);
  let isLate = false;
  const giveUp = (): void => void asked.stop(false);
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, context.enginePatience);
  signal?.addEventListener("abort", giveUp);
  const { how, output } = await asked.ended;
  clearTimeout(timer);
  signal?.removeEventListener("abort", giveUp);
  if (how === "exit code 0") return null;
  const said = output.split("\n").at(-1);
  return isLate ? "docker version has not answered" : said || `docker version ended with ${how}`;
}

function startDocker(docker: string, words: readonly string[], context: WorkerContext): StartedWorker {
  return startWorkerProcess({
    command: [docker, ...words],
    variables: context.variables,
    folder: context.folder,
    orphan: context.folder,
    onLine: () => {},
    clear: async () => {},
  });
}
