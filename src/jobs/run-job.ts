import { join } from "node:path";
import { JobState } from "../beam/protos/types/job.js";
import type { ProjectMaterials } from "../compiler/5-emit/shared/project-materials.js";
import { diagnose } from "../diagnostics/diagnose.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { type Driver, DriverEndedError } from "../drivers/driver.js";
import type { DriverConfiguration } from "../drivers/driver-configuration.js";
import type { DriverContext } from "../drivers/driver-context.js";
import type { DriverPool } from "../drivers/driver-pool.js";
import type { DriverJobEvent, JobOutcome } from "../drivers/driver-protocol.js";
import { wantDriver } from "../drivers/launch-driver.js";
import { PreparationError } from "../drivers/preparation-error.js";
import { isLocalMaster } from "../launcher/spark-settings.js";
import { formatDriverFailure, formatJobFailure, pickJavaErrors } from "./failure-message.js";
import { listHostArguments } from "./host-arguments.js";
import { changeState, type Job, sendMessage } from "./job.js";
import type { JudgedPipeline } from "./judge-pipeline.js";
import { readCompatibility } from "./pipeline-settings.js";
import { writeJobProject } from "./write-job-project.js";

/** What running a job needs. */
export interface RunContext {
  readonly pool: DriverPool;
  readonly drivers: DriverContext;
  readonly installed: Omit<ProjectMaterials, "artifacts">;
  /** Where the staged files are, each under its SHA-256. */
  readonly artifactFolder: string;
  /** Whether Spark's settings name a folder for results between steps. */
  readonly hasTempSetting: boolean;
}

/** Files that are staged for each job and that no worker has installed. */
const notInstalled: ReadonlySet<string> = new Set([
  "submission_environment_dependencies.txt",
  "pickled_main_session",
]);

/** After so long a job's user hears why nothing happens. */
const waitMilliseconds = 1_000;

/** What a job's run comes to: a state, and the reason if it failed. */
type JobEnd = { readonly state: JobState; readonly failure?: string };

/**
 * Runs a job to its end: writes its project, waits for a driver, and follows it. Never throws: what goes wrong is
 * the job's failure. In: the job's own folder, and a signal that is aborted to cancel the job.
 */
export async function runJob(
  job: Job,
  judged: JudgedPipeline,
  context: RunContext,
  folder: string,
  cancelled: AbortSignal,
): Promise<void> {
  changeState(job, JobState.STARTING);
  let end: JobEnd;
  try {
    end = await writeAndRun(job, judged, context, folder, cancelled);
  } catch (error) {
    end = describeError(error);
  }
  if (cancelled.aborted && end.state === JobState.FAILED) end = { state: JobState.CANCELLED };
  if (end.failure !== undefined) sendMessage(job, end.failure, "error");
  changeState(job, end.state);
}

async function writeAndRun(
  job: Job,
  judged: JudgedPipeline,
  context: RunContext,
  folder: string,
  cancelled: AbortSignal,
): Promise<JobEnd> {
  const project = join(folder, "project");
  const { artifactFolder, installed, pool, drivers } = context;
  const written = await writeJobProject(job, judged, artifactFolder, installed, project);
  if (!written.ok)
    return { state: JobState.FAILED, failure: formatDiagnostics(written.diagnostics).trimEnd() };
  const hasWorkers = judged.planned.physicalPlan.nodes.some(({ lane }) => lane === "fn-api");
  const configuration = configureDriver(job, judged, artifactFolder);
  const timer = setTimeout(() => sendMessage(job, "waiting for a Spark session"), waitMilliseconds);
  const acquired = pool.acquire(wantDriver(configuration, drivers), cancelled);
  const lease = await acquired.finally(() => clearTimeout(timer));
  try {
    return await follow(
      job,
      judged,
      lease.driver,
      [
        ...(hasWorkers ? listHostArguments(judged, drivers.settings) : []),
        ...listTempLocation(judged, context, folder),
      ],
      project,
      cancelled,
    );
  } finally {
    lease.release();
  }
}

/** The driver that a job needs: its master, the files that its workers have installed, how they encode. */
function configureDriver(
  job: Job,
  { master, planned }: JudgedPipeline,
  artifactFolder: string,
): DriverConfiguration {
  const inProcess = new Set(
    planned.physicalPlan.nodes.flatMap((node) =>
      node.kind === "stage" && node.lane === "in-process" ? [node.environment] : [],
    ),
  );
  const packages = new Map(
    job.artifacts.flatMap(({ environment, stagedName, sha256 }) => {
      if (stagedName === null || notInstalled.has(stagedName) || !inProcess.has(environment)) return [];
      return [[stagedName, { name: stagedName, sha256, path: join(artifactFolder, sha256) }] as const];
    }),
  );
  // Elsewhere functions run in processes of the job's own.
  const compatibility = planned.physicalPlan.target === "pyspark" ? readCompatibility(job.options) : null;
  return { master, packages: [...packages.values()], compatibility };
}

function listTempLocation(
  { master, tempLocation }: JudgedPipeline,
  { hasTempSetting }: RunContext,
  folder: string,
): string[] {
  if (tempLocation !== null) return ["--temp-location", tempLocation];
  return isLocalMaster(master) && !hasTempSetting ? ["--temp-location", join(folder, "temporary")] : [];
}

async function follow(
  job: Job,
  { planned }: JudgedPipeline,
  driver: Driver,
  words: readonly string[],
  project: string,
  cancelled: AbortSignal,
): Promise<JobEnd> {
  const names = new Map(planned.physicalPlan.nodes.map((node) => [node.number, node.names.join(", ")]));
  let failure: string | undefined;
  const onEvent = (event: DriverJobEvent): void => {
    if (event.event === "failed") failure = formatJobFailure(event);
    else if (event.event === "message") sendMessage(job, event.text, event.importance);
    else if (event.event === "monitoring-infos") {
      job.metrics.splice(0, job.metrics.length, ...event.infos.map((info) => Buffer.from(info, "base64")));
    } else if (event.event === "node-started" && event.node != null) {
      sendMessage(job, `[${event.node}] ${names.get(event.node) ?? ""}`, "detailed");
    }
  };
  const cancel = (): void => driver.cancel(job.id);
  cancelled.throwIfAborted();
  cancelled.addEventListener("abort", cancel);
  changeState(job, JobState.RUNNING);
  try {
    const outcome = await driver.run({ id: job.id, project, arguments: words }, onEvent);
    return toEnd(outcome, failure);
  } catch (error) {
    if (!(error instanceof DriverEndedError)) throw error;
    const diagnostic = diagnose("serve/driver-lost", {}, { end: error.end });
    // The log is all jobs': what others have written is not for this one's user.
    const failure = formatDriverFailure(diagnostic, pickJavaErrors(error.log));
    return { state: JobState.FAILED, failure };
  } finally {
    cancelled.removeEventListener("abort", cancel);
  }
}

function toEnd(outcome: JobOutcome, failure: string | undefined): JobEnd {
  if (outcome === "done") return { state: JobState.DONE };
  if (outcome === "cancelled") return { state: JobState.CANCELLED };
  return {
    state: JobState.FAILED,
    failure: failure ?? "error run/job-failed\n  why  the job gave no reason",
  };
}

function describeError(error: unknown): JobEnd {
  if (error instanceof DriverEndedError) {
    const diagnostic = diagnose("serve/driver-not-started", {}, { end: error.end });
    return { state: JobState.FAILED, failure: formatDriverFailure(diagnostic, error.log) };
  }
  if (error instanceof PreparationError) {
    return { state: JobState.FAILED, failure: formatDiagnostics([error.diagnostic]).trimEnd() };
  }
  return { state: JobState.FAILED, failure: error instanceof Error ? error.message : String(error) };
}
