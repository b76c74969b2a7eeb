import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { emitLauncher } from "../compiler/5-emit/shared/emit-launcher.js";
import { loadInstalledMaterials } from "../compiler/load-materials.js";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { DriverEndedError } from "../drivers/driver.js";
import type { DriverContext } from "../drivers/driver-context.js";
import { createDriverPool } from "../drivers/driver-pool.js";
import { wantDriver } from "../drivers/launch-driver.js";
import { PreparationError } from "../drivers/preparation-error.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { listenReason } from "../rpc/bind-server.js";
import { makeDriverProgram } from "./driver-program.js";
import { formatDriverFailure, formatLostDriver } from "./failure-message.js";
import type { Job } from "./job.js";
import { createJobHistory } from "./job-history.js";
import { createJobRunner } from "./job-runner.js";
import { type JobServer, startJobServer } from "./job-server.js";
import { planService, type ServiceRequest } from "./plan-service.js";
import type { RunContext } from "./run-job.js";

/** How many drivers may live at once. Each is a Java and some Python processes. */
const driverLimit = 4;

/** A Job service that runs what it is given. */
export interface Service {
  readonly endpoint: string;
  readonly artifactEndpoint: string;
  readonly master: string;
  /** The Python of drivers and workers, if there is one. */
  readonly python: string | null;
  /** Resolves when the first driver takes jobs. Rejects with what to tell the user when it does not start. */
  readonly ready: Promise<{ readonly webUrl: string | null }>;
  /** Cancels what runs, ends all drivers, and leaves nothing behind. */
  close(): Promise<void>;
}

/**
 * Starts the Job service: it listens at once, and a driver of the default configuration starts beside it.
 *
 * In: what its user asks for; `report` gets lines for the service's own output. Errors: `launch/…` of what is
 * missing on this machine, `serve/cannot-listen`.
 */
export async function startService(
  request: ServiceRequest,
  report: (text: string) => void,
): Promise<Result<Service>> {
  const planned = await planService(request);
  if (!planned.ok) return planned;
  const { judge, drivers: driverPlan, hasTempSetting } = planned.value;
  const temporary = makeTemporaryFolder("beam2spark-serve-");
  const { target, python } = judge;
  const installed = await loadInstalledMaterials(target);
  const program = await makeDriverProgram(target, installed, python?.path ?? null, temporary.path);
  const artifactFolder = request.artifactFolder ?? join(temporary.path, "artifacts");
  const drivers: DriverContext = {
    ...driverPlan,
    program,
    folder: join(temporary.path, "drivers"),
    onLost: (error) => report(formatLostDriver(error)),
  };
  await mkdir(drivers.folder);
  const pool = createDriverPool(driverLimit);
  const run: RunContext = { pool, drivers, installed, artifactFolder, hasTempSetting };

  const jobs = new Map<string, Job>();
  const history = createJobHistory(jobs, artifactFolder);
  const runner = createJobRunner({ judge, run, history, folder: join(temporary.path, "jobs"), report });
  let server: JobServer;
  try {
    const { listen } = request;
    server = await startJobServer({
      folder: temporary.path,
      handler: runner.handler,
      jobs,
      listen,
      artifactFolder,
    });
  } catch (error) {
    temporary.remove();
    const reason = listenReason(error as Error);
    return {
      ok: false,
      diagnostics: [...planned.warnings, diagnose("serve/cannot-listen", {}, { reason })],
    };
  }
  // The first emission of all pays for loading what it is done with.
  setImmediate(emitLauncher);
  const close = async (): Promise<void> => {
    const ended = runner.cancelAll();
    await pool.close();
    await ended;
    history.close();
    await server.close();
    temporary.remove();
  };
  return {
    ok: true,
    value: {
      endpoint: server.endpoint,
      artifactEndpoint: server.artifactEndpoint,
      master: judge.master.url,
      python: python?.path ?? null,
      ready: startFirstDriver(run, judge.master.url),
      close,
    },
    warnings: planned.warnings,
  };
}

async function startFirstDriver(
  { pool, drivers }: RunContext,
  master: string,
): Promise<{ readonly webUrl: string | null }> {
  const configuration = { master, packages: [], compatibility: null };
  try {
    const lease = await pool.acquire(wantDriver(configuration, drivers), new AbortController().signal);
    lease.release();
    return { webUrl: lease.driver.webUrl };
  } catch (error) {
    if (error instanceof PreparationError) throw new Error(formatDiagnostics([error.diagnostic]).trimEnd());
    if (!(error instanceof DriverEndedError)) throw error;
    const diagnostic: Diagnostic = diagnose("serve/driver-not-started", {}, { end: error.end });
    throw new Error(formatDriverFailure(diagnostic, error.log));
  }
}
