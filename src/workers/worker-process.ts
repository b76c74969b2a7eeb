import { type ChildProcess, spawn } from "node:child_process";
import { becomeGuarded } from "./session-guard.js";
import { superviseWorker, type WorkerCare } from "./supervise-worker.js";
import type { StartedWorker } from "./worker-order.js";

/** What a worker's process is started with. */
export interface WorkerProcess extends WorkerCare {
  readonly command: readonly string[];
  readonly variables: NodeJS.ProcessEnv;
  /** Its working directory. */
  readonly folder: string;
  /** A folder that is to go if this process dies. */
  readonly orphan: string;
}

/**
 * Starts a worker's process in a session of its own, so that its children go with it. One that can't be started has
 * ended when this gives it back.
 */
export function startWorkerProcess(worker: WorkerProcess): StartedWorker {
  const child = spawn("/bin/sh", ["-c", becomeGuarded, "sh", worker.orphan, ...worker.command], {
    cwd: worker.folder,
    env: worker.variables,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  // The guard reads it, and nobody writes.
  child.stdio[3]?.on("error", () => {});
  const leader = {
    id: child.pid,
    exited: watchExit(child),
    outputs: [child.stdout!, child.stderr!],
    release: () => child.stdio[3]?.destroy(),
  };
  return superviseWorker(leader, worker);
}

function watchExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", ({ message }) => {
      if (child.pid === undefined) resolve(`no start at all: ${message}`);
    });
    child.on("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}
