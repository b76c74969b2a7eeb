import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Struct } from "../../beam/protos/types/google.js";
import type { ProvisionInfo } from "../../beam/protos/types/provision.js";
import type { Sdk } from "../../beam/recognise/read-sdk.js";
import { structToJson } from "../../beam/struct-json.js";
import { openClient } from "../../rpc/call-service.js";
import { asStartFailure, startFailure } from "../start-failure.js";
import type { WorkerContext } from "../worker-context.js";
import { makeWorkerFolder, type WorkerFolder } from "../worker-folder.js";
import type { StartedWorker, WorkerEndpoints } from "../worker-order.js";
import { startWorkerProcess } from "../worker-process.js";
import { bootWords } from "./boot-words.js";
import type { ContractOrder } from "./contract-order.js";
import { type FetchedArtifact, fetchArtifacts } from "./fetch-artifacts.js";
import { fetchProvision, workerHeader } from "./fetch-provision.js";
import { findGoWorker, makeGoCommand } from "./go-command.js";
import { makePythonCommand } from "./python-command.js";
import type { CommandMaker, WorkerCommand } from "./worker-command.js";

/** The provision metadata by which our host says which SDK it wants. */
export const languageMetadata = "beam2spark_language";

/**
 * Starts a worker on this machine as its container would (Beam's container contract): asks the host's provision
 * service what is wanted, fetches and checks the artifacts, and runs the SDK's worker in a folder of its own. Where a
 * boot program is given, it does all that.
 *
 * Errors: a WorkerNotStartedError; nothing stays on the disk then.
 */
export async function startByContract(order: ContractOrder, context: WorkerContext): Promise<StartedWorker> {
  const folder = await makeWorkerFolder(context.folder);
  try {
    const { forked, ...command }: WorkerCommand =
      context.boot === null
        ? await prepare(order, folder, context)
        : {
            command: [...context.boot, ...bootWords(order.workerId, order.endpoints, folder.path)],
            variables: commonVariables(folder, context),
          };
    order.signal?.throwIfAborted();
    const worker = {
      ...command,
      folder: folder.path,
      orphan: context.folder,
      onLine: (line: string) => context.onOutput(order.workerId, line),
      clear: folder.remove,
    };
    const fork = forked && (await context.forkers.start({ ...forked, worker, signal: order.signal }));
    return fork ?? startWorkerProcess(worker);
  } catch (error) {
    await folder.remove();
    throw asStartFailure(error);
  }
}

async function prepare(
  order: ContractOrder,
  folder: WorkerFolder,
  context: WorkerContext,
): Promise<WorkerCommand> {
  const info = await fetchProvision(order);
  const endpoints = endpointsOf(info, order.endpoints);
  const staged = join(folder.path, "staged");
  await mkdir(staged);
  const artifacts = await fetchAll(order, endpoints, info, staged, context);
  const optionsFile = join(folder.path, "pipeline_options.json");
  const options = structToJson(info.pipelineOptions ?? Struct.decode(new Uint8Array()));
  await writeFile(optionsFile, JSON.stringify(options), { mode: 0o600 });
  const variables = {
    ...commonVariables(folder, context),
    PIPELINE_OPTIONS_FILE: optionsFile,
    RUNNER_CAPABILITIES: info.runnerCapabilities.join(" "),
  };
  const make = chooseCommand(order.language ?? languageOf(info), artifacts);
  const start = { order: { ...order, endpoints }, info, folder: folder.path, staged, artifacts, variables };
  const made = await make(start, context);
  return { ...made, variables: { ...variables, ...made.variables } };
}

async function fetchAll(
  { workerId, signal }: ContractOrder,
  { artifact }: WorkerEndpoints,
  { dependencies }: ProvisionInfo,
  folder: string,
  { artifacts: store }: WorkerContext,
): Promise<readonly FetchedArtifact[]> {
  const client = openClient(artifact);
  try {
    return await fetchArtifacts({
      client,
      metadata: workerHeader(workerId),
      dependencies,
      folder,
      store,
      signal,
    });
  } finally {
    client.close();
  }
}

function chooseCommand(language: string | null, artifacts: readonly FetchedArtifact[]): CommandMaker {
  if (language === "go" || (language === null && findGoWorker(artifacts) !== undefined)) return makeGoCommand;
  if (language === "python" || language === null) return makePythonCommand;
  throw startFailure("worker/boot-missing", { language: language === "java" ? "Java" : "environment's" });
}

function languageOf({ metadata }: ProvisionInfo): Sdk["language"] | null {
  return (metadata.get(languageMetadata) as Sdk["language"] | undefined) ?? null;
}

// The host's own word for its addresses is the newer one (`beam_provision_api.proto`, ProvisionInfo).
function endpointsOf(info: ProvisionInfo, given: WorkerEndpoints): WorkerEndpoints {
  return {
    provision: given.provision,
    control: info.controlEndpoint?.url || given.control,
    logging: info.loggingEndpoint?.url || given.logging,
    artifact: info.artifactEndpoint?.url || given.artifact,
  };
}

function commonVariables({ temporary }: WorkerFolder, { variables }: WorkerContext): NodeJS.ProcessEnv {
  return { ...variables, TMPDIR: temporary };
}
