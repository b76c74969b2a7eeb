import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import { choosePython } from "../machine/choose-python.js";
import { isLoopbackHost } from "../machine/loopback-host.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { listenReason } from "../rpc/bind-server.js";
import { makeContext } from "../workers/make-context.js";
import { type RunningPool, startPool } from "../workers/pool/start-pool.js";
import { exitCodes } from "./exit-codes.js";
import { reportDiagnostics } from "./report.js";
import { waitForSignal } from "./wait-for-signal.js";

/** What the user of `worker-pool` asks for. */
export interface PoolRequest {
  readonly host: string;
  readonly port: number;
  readonly python: string | undefined;
  /** The boot program, with its first arguments. */
  readonly boot: string | undefined;
  /** Where the workers' folders go; by default among the system's temporary ones. */
  readonly folder: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Runs a worker pool until a signal comes, and says on standard output where it is. What workers write goes to
 * standard error, each line behind the worker's id. Out: the exit status: 0 after a signal, 1 when it could not start.
 */
export async function serveWorkers(request: PoolRequest): Promise<number> {
  const { host, port, boot, environment } = request;
  const stopped = waitForSignal();
  const asked = request.python;
  const chosen = choosePython({ asked, environment, projectFolders: [process.cwd()] });
  if (!chosen.ok && boot === undefined) {
    reportDiagnostics([diagnose("launch/python-missing", {}, { looked: chosen.looked })]);
    return exitCodes.diagnostics;
  }
  if (!isLoopbackHost(host)) reportDiagnostics([diagnose("worker/pool-open-to-others", {}, { host })]);
  const parent = request.folder === undefined ? undefined : resolve(request.folder);
  if (parent !== undefined) mkdirSync(parent, { recursive: true });
  const folder = makeTemporaryFolder("beam2spark-pool-", parent);
  let pool: RunningPool;
  try {
    const context = makeContext({
      folder: folder.path,
      boot: splitWords(boot),
      variables: environment,
      onOutput: (workerId, line) => process.stderr.write(`${workerId}: ${line}\n`),
      ...(chosen.ok ? { python: chosen.python } : {}),
    });
    pool = await startPool(host, port, context);
  } catch (error) {
    folder.remove();
    reportDiagnostics([diagnose("worker/pool-cannot-listen", {}, { reason: listenReason(error as Error) })]);
    return exitCodes.diagnostics;
  }
  process.stdout.write(`listening on ${pool.endpoint} for --environment_type=EXTERNAL\n`);
  await stopped;
  await pool.close();
  folder.remove();
  return exitCodes.ok;
}

function splitWords(text: string | undefined): readonly [string, ...string[]] | null {
  const [first, ...rest] = text?.split(/\s+/).filter((word) => word !== "") ?? [];
  return first === undefined ? null : [first, ...rest];
}
