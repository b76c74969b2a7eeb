import type { ArtifactStore } from "./contract/artifact-store.js";
import type { PackageStore } from "./contract/package-store.js";
import type { Forkers } from "./fork/forkers.js";

/** What this machine has for workers. */
export interface WorkerContext {
  /** Each worker gets a folder in it. */
  readonly folder: string;
  /** The Python that workers run with where their order names none. */
  readonly python: string;
  /** The boot program of a container, with its first arguments; null where workers are started without one. */
  readonly boot: readonly [string, ...string[]] | null;
  /** The docker command. */
  readonly docker: string;
  /** How long its engine may take to say that it is there, in milliseconds. */
  readonly enginePatience: number;
  /** The environment variables that workers inherit. */
  readonly variables: NodeJS.ProcessEnv;
  /** The files that workers have staged, and the packages among them, for all that want the same. */
  readonly artifacts: ArtifactStore;
  readonly packages: PackageStore;
  /** Where Python workers come from that need no start of their own. */
  readonly forkers: Forkers;
  /** Takes what workers write to their standard output and error, line by line. */
  readonly onOutput: (workerId: string, line: string) => void;
}
