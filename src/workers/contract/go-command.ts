import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { goWorkerFileName } from "../../beam/artifact-file-name.js";
import { URN } from "../../beam/urns.js";
import { checkBinary } from "../check-binary.js";
import { startFailure } from "../start-failure.js";
import type { FetchedArtifact } from "./fetch-artifacts.js";
import type { CommandMaker } from "./worker-command.js";

/** A Go worker is the staged binary of the user's program, with flags (`sdks/go/container/boot.go`). */
export const makeGoCommand: CommandMaker = async ({ order, staged, folder, artifacts }) => {
  const worker = findGoWorker(artifacts);
  if (worker === undefined) throw startFailure("worker/no-binary", {});
  const binary = join(staged, worker.name);
  await checkBinary(binary, worker.name);
  await chmod(binary, 0o700);
  const { workerId, endpoints } = order;
  const command = [
    binary,
    "--worker=true",
    `--id=${workerId}`,
    `--logging_endpoint=${endpoints.logging}`,
    `--control_endpoint=${endpoints.control}`,
    `--semi_persist_dir=${folder}`,
  ];
  return { command, variables: {} };
};

/** The binary among a worker's artifacts, by its role or, as in older SDKs, by its name. */
export function findGoWorker(artifacts: readonly FetchedArtifact[]): FetchedArtifact | undefined {
  return (
    artifacts.find(({ roleUrn }) => roleUrn === URN.artifactGoWorker) ??
    artifacts.find(({ name }) => name === "worker" || name === goWorkerFileName)
  );
}
