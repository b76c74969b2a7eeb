import type { ProvisionInfo } from "../../beam/protos/types/provision.js";
import type { WorkerContext } from "../worker-context.js";
import type { ContractOrder } from "./contract-order.js";
import type { FetchedArtifact } from "./fetch-artifacts.js";

/** What is known of a worker when its command is made. */
export interface WorkerStart {
  /** What was ordered, with the endpoints that the host has named. */
  readonly order: ContractOrder;
  readonly info: ProvisionInfo;
  /** The worker's folder, and in it that of its artifacts. */
  readonly folder: string;
  readonly staged: string;
  readonly artifacts: readonly FetchedArtifact[];
  /** The environment variables that every worker gets. */
  readonly variables: NodeJS.ProcessEnv;
}

/** What a worker's process is. */
export interface WorkerCommand {
  readonly command: readonly string[];
  /** Environment variables beside those that every worker gets. */
  readonly variables: NodeJS.ProcessEnv;
  /** Where a fork of a process that has imported a Python module would be the same: the two of them. */
  readonly forked?: { readonly python: string; readonly module: string };
}

/** Makes the command of one SDK's workers. Errors: a WorkerNotStartedError. */
export type CommandMaker = (start: WorkerStart, context: WorkerContext) => Promise<WorkerCommand>;
