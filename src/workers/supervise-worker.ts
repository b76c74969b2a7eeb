import type { Readable } from "node:stream";
import { signalGroup } from "../machine/process-group.js";
import { killSession } from "../machine/process-session.js";
import { OutputTail } from "./output-tail.js";
import type { StartedWorker, WorkerEnd } from "./worker-order.js";

/** How long things may take, in milliseconds. */
const patience = { leave: 2_000, terminate: 2_000, kill: 5_000, output: 300 } as const;

/** A process that leads a session of its own. */
export interface SessionLeader {
  /** Its id; undefined where it could not be started. */
  readonly id: number | undefined;
  /** Kept when it has ended, with how it has. */
  readonly exited: Promise<string>;
  /** What it writes. */
  readonly outputs: readonly Readable[];
  /** Lets go of it, once no process of its session is left. */
  release(): void;
}

/** What is done with what a worker writes and has. */
export interface WorkerCare {
  readonly onLine: (line: string) => void;
  /** Removes what the worker had, once no process of it is left. */
  readonly clear: () => Promise<void>;
}

/** Takes care of a worker's process: its children end with it, and the end of its output is kept. */
export function superviseWorker(leader: SessionLeader, care: WorkerCare): StartedWorker {
  const { id, exited, outputs } = leader;
  const tail = new OutputTail(care.onLine);
  for (const stream of outputs) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => tail.take(text));
    // Whoever has made it may have paused it until somebody reads.
    stream.resume();
  }
  const ended = exited.then(async (how): Promise<WorkerEnd> => {
    if (id !== undefined) await killSession(id, patience.kill);
    await waitForOutput(outputs);
    tail.close();
    return { how, output: tail.text };
  });
  const cleared = ended.then(async () => {
    leader.release();
    await care.clear();
  });
  // Nobody may wait for it; what can't be removed goes with the folder around it.
  const gone = cleared.catch(() => {});
  let stopping: Promise<void> | undefined;
  const stop = async (leaves: boolean): Promise<void> => {
    if (id === undefined || (leaves && (await settlesWithin(exited, patience.leave)))) return gone;
    signalGroup(id, "SIGTERM");
    if (!(await settlesWithin(exited, patience.terminate))) await killSession(id, patience.kill);
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

// A process that has left the group may hold the output open for ever.
async function waitForOutput(streams: readonly Readable[]): Promise<void> {
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
