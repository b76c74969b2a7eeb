import { type ChildProcess, spawn } from "node:child_process";
import { signalGroup } from "../machine/process-group.js";
import { killSession } from "../machine/process-session.js";
import { OutputTail } from "./output-tail.js";
import type { StartedWorker, WorkerEnd } from "./worker-order.js";

/** How long things may take, in milliseconds. */
const patience = { leave: 2_000, terminate: 2_000, kill: 5_000, output: 300 } as const;

/** What a worker's process is started with. */
export interface WorkerProcess {
  readonly command: readonly string[];
  readonly variables: NodeJS.ProcessEnv;
  /** Its working directory. */
  readonly folder: string;
  /** A folder that is to go if this process dies. */
  readonly orphan: string;
  readonly onLine: (line: string) => void;
  /** Removes what the worker had, once no process of it is left. */
  readonly clear: () => Promise<void>;
}

/**
 * Becomes the command, after starting a guard beside it. When descriptor 3 ends, with this process, however that ends,
 * the guard ends the whole session, in which boot programs put the worker into another group, and removes what nobody
 * is left to remove. It looks twice: what it kills may have started something meanwhile.
 */
const guard = `folder=$1
shift
(
  read _ <&3
  self=$(exec sh -c 'echo $PPID')
  for time in 1 2; do
    for stat in /proc/[0-9]*/stat; do
      read -r line <$stat || continue
      set -- \${line##*) }
      process=\${stat#/proc/}
      process=\${process%/stat}
      [ "$4" = $$ ] && [ $process != $self ] && kill -9 $process
    done
  done
  rm -rf -- "$folder"
  kill -9 -$$
) >/dev/null 2>&1 &
exec "$@" 3<&-`;

/**
 * Starts a worker's process in a session of its own, so that its children go with it. One that can't be started has
 * ended when this gives it back.
 */
export function startWorkerProcess(worker: WorkerProcess): StartedWorker {
  const child = spawn("/bin/sh", ["-c", guard, "sh", worker.orphan, ...worker.command], {
    cwd: worker.folder,
    env: worker.variables,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
  });
  const output = new OutputTail(worker.onLine);
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => output.take(text));
  }
  // The guard reads it, and nobody writes.
  child.stdio[3]?.on("error", () => {});
  const leader = child.pid;
  const exited = watchExit(child);
  const ended = exited.then(async (how): Promise<WorkerEnd> => {
    if (leader !== undefined) await killSession(leader, patience.kill);
    await waitForOutput(child);
    output.close();
    return { how, output: output.text };
  });
  const cleared = ended.then(async () => {
    child.stdio[3]?.destroy();
    await worker.clear();
  });
  // Nobody may wait for it; what can't be removed goes with the folder around it.
  const gone = cleared.catch(() => {});
  let stopping: Promise<void> | undefined;
  const stop = async (leaves: boolean): Promise<void> => {
    if (leader === undefined || (leaves && (await settlesWithin(exited, patience.leave)))) return gone;
    signalGroup(leader, "SIGTERM");
    if (!(await settlesWithin(exited, patience.terminate))) await killSession(leader, patience.kill);
    return gone;
  };
  return {
    ended,
    stop: (leaves) => {
      stopping ??= stop(leaves);
      return stopping;
    },
  };
}

function watchExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", ({ message }) => {
      if (child.pid === undefined) resolve(`no start at all: ${message}`);
    });
    child.on("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

// A process that has left the group may hold the output open for ever.
async function waitForOutput(child: ChildProcess): Promise<void> {
  const streams = [child.stdout!, child.stderr!];
  const closed = streams.map((stream) =>
    stream.closed ? Promise.resolve() : new Promise<void>((resolve) => stream.once("close", resolve)),
  );
  if (await settlesWithin(Promise.all(closed), patience.output)) return;
  for (const stream of streams) stream.destroy();
}

function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    promise.then(
      () => {
        clearTimeout(timer);
        resolve(true);
      },
      () => {},
    );
  });
}
