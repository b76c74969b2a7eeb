import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { status } from "@grpc/grpc-js";
import { JobState } from "../beam/protos/types/job.js";
import { emitLauncher } from "../compiler/5-emit/pyspark/emit-launcher.js";
import type { ProjectMaterials } from "../compiler/5-emit/pyspark/emit-project.js";
import { loadInstalledMaterials } from "../compiler/load-materials.js";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic, Result } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { DriverEndedError } from "../drivers/driver.js";
import { createDriverPool } from "../drivers/driver-pool.js";
import { wantDriver } from "../drivers/launch-driver.js";
import { zipFolder } from "../launcher/zip-folder.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { formatDriverFailure } from "./failure-message.js";
import { changeState, currentState, type Job, sendMessage } from "./job.js";
import { createJobHistory } from "./job-history.js";
import { type JobServer, startJobServer } from "./job-server.js";
import type { JobHandler } from "./job-service.js";
import { type JudgedPipeline, judgePipeline } from "./judge-pipeline.js";
import { planService, type ServiceRequest } from "./plan-service.js";
import { formatRefusal } from "./refusal-text.js";
import { RequestError } from "./request-error.js";
import { type RunContext, runJob } from "./run-job.js";

/** How many drivers may live at once. Each is a Java and some Python processes. */
const driverLimit = 4;

/** A Job service that runs what it is given. */
export interface Service {
  readonly endpoint: string;
  readonly artifactEndpoint: string;
  readonly master: string;
  readonly python: string;
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
  const installed = await loadInstalledMaterials();
  const runtime = await writeRuntime(installed, temporary.path);
  const artifactFolder = request.artifactFolder ?? join(temporary.path, "artifacts");
  const drivers = { ...driverPlan, runtime, folder: join(temporary.path, "drivers") };
  await mkdir(drivers.folder);
  const pool = createDriverPool(driverLimit);
  const context: RunContext = { pool, drivers, installed, artifactFolder, hasTempSetting };

  const judged = new WeakMap<Job, JudgedPipeline>();
  const running = new Map<Job, { readonly cancel: AbortController; readonly end: Promise<void> }>();
  const jobs = new Map<string, Job>();
  const history = createJobHistory(jobs, artifactFolder);
  const runToEnd = async (job: Job, pipeline: JudgedPipeline, cancelled: AbortSignal): Promise<void> => {
    const folder = join(temporary.path, "jobs", job.id);
    const started = performance.now();
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await runJob(job, pipeline, context, folder, cancelled);
      await rm(join(folder, "temporary"), { recursive: true, force: true });
    } catch (error) {
      // The machine's fault (a full disk, say), and no reason to take the other jobs along.
      sendMessage(job, (error as Error).message, "error");
      changeState(job, JobState.FAILED);
    }
    running.delete(job);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    report(`${job.id}  ${stateName(currentState(job).state)}  ${seconds} s\n`);
    history.keepFolder(folder);
    await history.trim();
  };
  const handler: JobHandler = {
    prepare: async (job) => {
      const result = judgePipeline(job, judge);
      if (!result.ok) {
        report(`a pipeline was not taken:\n${formatDiagnostics(result.diagnostics)}`);
        throw new RequestError(status.INVALID_ARGUMENT, formatRefusal(result.diagnostics));
      }
      judged.set(job, result.value);
      for (const warning of result.warnings)
        sendMessage(job, formatDiagnostics([warning]).trimEnd(), "warning");
      await history.trim();
    },
    run: (job) => {
      const pipeline = judged.get(job);
      if (pipeline === undefined) throw new Error(`job ${job.id} was never judged`);
      judged.delete(job);
      const cancel = new AbortController();
      running.set(job, { cancel, end: runToEnd(job, pipeline, cancel.signal) });
    },
    cancel: (job) => {
      changeState(job, JobState.CANCELLING);
      running.get(job)?.cancel.abort(new Error("the job was cancelled"));
    },
  };
  let server: JobServer;
  try {
    const { listen } = request;
    server = await startJobServer({ folder: temporary.path, handler, jobs, listen, artifactFolder });
  } catch (error) {
    temporary.remove();
    const { message } = error as Error;
    const reason = /\[(listen .*?)\]/.exec(message)?.[1] ?? message;
    return {
      ok: false,
      diagnostics: [...planned.warnings, diagnose("serve/cannot-listen", {}, { reason })],
    };
  }
  // The first emission of all pays for loading what it is done with.
  setImmediate(emitLauncher);
  const close = async (): Promise<void> => {
    for (const [job, { cancel }] of running) {
      sendMessage(job, formatDiagnostics([diagnose("serve/stopped", {}, {})]).trimEnd(), "error");
      cancel.abort(new Error("the service is being stopped"));
    }
    await pool.close();
    await Promise.all([...running.values()].map(({ end }) => end));
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
      python: judge.python.path,
      ready: startFirstDriver(context, judge.master.url),
      close,
    },
    warnings: planned.warnings,
  };
}

async function startFirstDriver(
  { pool, drivers }: RunContext,
  master: string,
): Promise<{ readonly webUrl: string | null }> {
  const configuration = { master, packages: [] };
  try {
    const lease = await pool.acquire(wantDriver(configuration, drivers), new AbortController().signal);
    lease.release();
    return { webUrl: lease.driver.webUrl };
  } catch (error) {
    if (!(error instanceof DriverEndedError)) throw error;
    const diagnostic: Diagnostic = diagnose("serve/driver-not-started", {}, { end: error.end });
    throw new Error(formatDriverFailure(diagnostic, error.log));
  }
}

// Drivers import the runtime from a folder that can be written to, where Python keeps what it has compiled.
async function writeRuntime(
  { templates }: Omit<ProjectMaterials, "artifacts">,
  folder: string,
): Promise<{ readonly folder: string; readonly archive: string }> {
  const name = "beam2spark_runtime";
  const runtime = join(folder, "runtime");
  for (const [path, content] of templates) {
    if (!path.startsWith(`${name}/`)) continue;
    await mkdir(dirname(join(runtime, path)), { recursive: true });
    await writeFile(join(runtime, path), content);
  }
  const archive = join(folder, `${name}.zip`);
  await writeFile(archive, zipFolder(join(runtime, name), name));
  return { folder: runtime, archive };
}

function stateName(state: JobState): string {
  return Object.entries(JobState).find(([, number]) => number === state)?.[0] ?? String(state);
}
