import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../diagnostics/diagnose.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { exitCodeOfSignal } from "../machine/exit-code-of-signal.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import type { Application, ApplicationRequest, PreparedApplication } from "./application.js";
import { checkLaunchEnvironment } from "./check-environment.js";
import { followEvents } from "./follow-events.js";
import { formatFailure } from "./format-failure.js";
import { formatMetrics } from "./format-metrics.js";
import type { LaunchEnvironment } from "./launch-environment.js";
import type { FailedEvent, UserMetric } from "./launch-event.js";
import { type LaunchPlan, type LaunchTarget, needsTempLocation, readLaunchPlan } from "./launch-plan.js";
import { mergeListOptions } from "./merge-list-options.js";
import { type HostPlan, planHosts, warnOfOthers } from "./plan-hosts.js";
import { createProgressView, type ProgressOutput } from "./progress-view.js";
import { preparePysparkApplication, runtimePackage } from "./pyspark-application.js";
import { runSparkSubmit, type SparkEnd } from "./run-spark-submit.js";
import { prepareScalaApplication } from "./scala-application.js";
import { sparkEnvironment } from "./spark-environment.js";
import { isLocalMaster, listProjectDefaults, readUserSettings } from "./spark-settings.js";
import { type StartedHosts, startProjectHosts } from "./start-host.js";

/** What to launch, and how. Only the project's folder is needed. */
export interface LaunchOptions {
  readonly projectDirectory: string;
  /** Python of driver and workers; by default the active virtual environment's, else that of `./.venv`. */
  readonly python?: string | undefined;
  /** Options of `spark-submit` as words, such as `["--master", "local[4]"]`; they win over everything else. */
  readonly sparkSubmitArguments?: readonly string[] | undefined;
  /** Folder for results between steps that driver and workers can reach. */
  readonly tempLocation?: string | undefined;
  /** Where Fn API hosts listen already, with commas between; by default they are started where the project needs them. */
  readonly host?: string | undefined;
  /** How workers of SDKs start: "auto", "process", "docker", or the address of a worker pool. */
  readonly workers?: string | undefined;
  /** Arguments of the job. */
  readonly jobArguments?: readonly string[] | undefined;
  /** Folders whose modules the user's functions import, for workers on this machine. */
  readonly moduleFolders?: readonly string[] | undefined;
  /** Further folders whose `.venv` counts when no virtual environment is active. */
  readonly environmentFolders?: readonly string[] | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  /** Stops the job as Ctrl-C does. */
  readonly stop?: AbortSignal | undefined;
  /** Takes why the job failed, instead of standard error. */
  readonly onFailure?: ((text: string) => void) | undefined;
  /** Takes the user's metrics at the end, each a `MonitoringInfo` of Beam. */
  readonly onMetrics?: ((infos: readonly Uint8Array[]) => void) | undefined;
}

const daemonSetting = "spark.python.daemon.module";
const tempLocationSetting = "spark.beam2spark.tempLocation";
const hostSetting = "spark.beam2spark.host";
const hostVariable = "BEAM2SPARK_HOST";

/**
 * Where functions run in workers, processes that may end for themselves: Spark tries a task four times on a cluster,
 * and on a local master only as often as that says.
 */
const retryingMaster = "local[*,4]";

/** Exit status of a launch that never came to a job. */
const diagnosticsStatus = 1;

/**
 * Runs an emitted project with `spark-submit` and follows it to its end.
 *
 * Checks Java, Python, Spark and Beam first, packs the runtime and the pipeline's packages for the workers (a Scala
 * project is built), shows a line per plan node and the user's metrics on standard error, and keeps Spark's log in a
 * file. Out: the exit status, which is the job's own; 1 with diagnostics when it could not be started, 130 after Ctrl-C.
 */
export async function launchProject(options: LaunchOptions): Promise<number> {
  const environment = options.environment ?? process.env;
  const plan = readLaunchPlan(options.projectDirectory);
  if (!plan.ok) return refuse(plan.diagnostics);
  const checked = await checkLaunchEnvironment(plan.value, {
    python: options.python,
    workers: options.workers,
    environment,
    folders: [process.cwd(), ...(options.environmentFolders ?? [])],
  });
  if (!checked.ok) return refuse(checked.diagnostics);
  const submission = planSubmission(options, environment, plan.value, checked.value);
  if (!submission.ok) return refuse(submission.diagnostics);

  const { path: workFolder, remove } = makeTemporaryFolder("beam2spark-run-");
  let hosts: StartedHosts | null = null;
  const logFile = chooseLogFile();
  try {
    const { projectDirectory } = options;
    const prepared = await prepareApplication(plan.value.target, {
      ...{ projectDirectory, environment, found: checked.value, workFolder, logFile },
    });
    if (!prepared.ok) return refuse(prepared.diagnostics);
    const application = prepared.value;
    const { master } = submission.value;
    const variables = listEnvironment(options, environment, checked.value, master, application);
    if (submission.value.hosts !== null) {
      try {
        const places = { projectDirectory, folder: workFolder, logFile };
        hosts = await startProjectHosts({ ...places, environment: variables, plan: submission.value.hosts });
      } catch (error) {
        const reason = (error as Error).message;
        return refuse([diagnose("launch/host-failed", {}, { reason, log: logFile })]);
      }
    }
    const words = [
      ...submission.value.words,
      ...application.words,
      ...mergeListOptions(options.sparkSubmitArguments ?? [], application.lists),
      application.file,
      ...application.arguments,
      ...listJobWords(options, submission.value, workFolder),
      ...(hosts === null ? [] : ["--host", hosts.address]),
    ];
    return await follow(plan.value, words, workFolder, logFile, {
      stop: options.stop,
      onFailure: options.onFailure,
      onMetrics: options.onMetrics,
      sparkHome: checked.value.sparkHome,
      environment: variables,
    });
  } finally {
    hosts?.stop();
    remove();
  }
}

interface Submission {
  /** What is set for the user, before the user's own words. */
  readonly words: readonly string[];
  readonly master: string;
  /** Whether a folder of ours serves as the temporary location. */
  readonly lendsTempLocation: boolean;
  /** The Fn API hosts of ours that serve it, or null. */
  readonly hosts: HostPlan | null;
  /** The address of one that runs already. */
  readonly host: string | undefined;
}

type Planned<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

function refuse(diagnostics: readonly Diagnostic[]): number {
  process.stderr.write(formatDiagnostics(diagnostics));
  return diagnosticsStatus;
}

function planSubmission(
  options: LaunchOptions,
  environment: NodeJS.ProcessEnv,
  plan: LaunchPlan,
  { sparkHome }: LaunchEnvironment,
): Planned<Submission> {
  const user = readUserSettings(options.sparkSubmitArguments ?? [], environment, sparkHome);
  if (user.get("spark.submit.deployMode") === "cluster") {
    return { ok: false, diagnostics: [diagnose("launch/cluster-deploy-mode", {}, {})] };
  }
  const words = listProjectDefaults(options.projectDirectory, user);
  const projectMaster = words.find((word) => word.startsWith("spark.master="))?.slice("spark.master=".length);
  const usesWorkers = plan.nodes.some(({ lane }) => lane === "fn-api");
  const master = user.get("spark.master") ?? projectMaster ?? (usesWorkers ? retryingMaster : "local[*]");
  if (!user.has("spark.master") && projectMaster === undefined) words.push("--master", master);
  // Workers that come with Beam imported, if the project's runtime has it. Elsewhere than on this machine Spark starts
  // its daemon before it has our package.
  const daemon = join(options.projectDirectory, runtimePackage, "worker_daemon.py");
  if (isLocalMaster(master) && !user.has(daemonSetting) && existsSync(daemon)) {
    words.push("--conf", `${daemonSetting}=${runtimePackage}.worker_daemon`);
  }
  if (!user.has("spark.app.name")) words.push("--name", plan.pipeline.name);
  const hasTempLocation = options.tempLocation !== undefined || user.has(tempLocationSetting);
  if (!isLocalMaster(master) && !hasTempLocation && needsTempLocation(plan)) {
    return { ok: false, diagnostics: [diagnose("launch/temp-location-missing", {}, { master })] };
  }
  const host = options.host ?? environment[hostVariable];
  const hasHost = host !== undefined || user.has(hostSetting);
  const isLocal = isLocalMaster(master);
  const wantsHost = !hasHost && usesWorkers;
  const hosts = planHosts(user, options.jobArguments ?? [], master);
  if (wantsHost) process.stderr.write(formatDiagnostics(warnOfOthers(hosts)));
  const value = { words, master, lendsTempLocation: isLocal && !hasTempLocation, host };
  return { ok: true, value: { ...value, hosts: isLocal && wantsHost ? hosts : null } };
}

function prepareApplication(target: LaunchTarget, request: ApplicationRequest): Promise<PreparedApplication> {
  const { python } = request.found;
  if (target === "scala") return prepareScalaApplication(request);
  if (python === null) throw new Error("a PySpark project was let through without a Python");
  return preparePysparkApplication(request, python);
}

function listJobWords(options: LaunchOptions, submission: Submission, workFolder: string): string[] {
  const words = [...(options.jobArguments ?? [])];
  if (submission.host !== undefined) words.push("--host", submission.host);
  if (options.workers !== undefined) words.push("--workers", options.workers);
  if (options.tempLocation !== undefined) words.push("--temp-location", options.tempLocation);
  else if (submission.lendsTempLocation) {
    const folder = join(workFolder, "temp");
    mkdirSync(folder);
    words.push("--temp-location", folder);
  }
  return words;
}

function listEnvironment(
  options: LaunchOptions,
  environment: NodeJS.ProcessEnv,
  checked: LaunchEnvironment,
  master: string,
  application: Application,
): NodeJS.ProcessEnv {
  const isLocal = isLocalMaster(master);
  const modules = isLocal ? [...(options.moduleFolders ?? []), ...application.modules] : [];
  return sparkEnvironment(environment, checked, isLocal, modules);
}

interface Following extends Pick<LaunchOptions, "stop" | "onFailure" | "onMetrics"> {
  readonly sparkHome: string;
  readonly environment: NodeJS.ProcessEnv;
}

async function follow(
  plan: LaunchPlan,
  words: readonly string[],
  workFolder: string,
  logFile: string,
  { sparkHome, environment, stop, onFailure, onMetrics }: Following,
): Promise<number> {
  const eventsFile = join(workFolder, "events.jsonl");
  const view = createProgressView(plan, standardError());
  let failed: FailedEvent | null = null;
  let metrics: readonly UserMetric[] = [];
  const stopFollowing = followEvents(eventsFile, (event) => {
    if (event.event === "failed") failed = event;
    else if (event.event === "metrics") metrics = event.metrics;
    else if (event.event === "monitoring-infos")
      onMetrics?.(event.infos.map((info) => Buffer.from(info, "base64")));
    else view.show(event);
  });
  let end: SparkEnd;
  try {
    end = await runSparkSubmit({
      sparkHome,
      words,
      environment: { ...environment, BEAM2SPARK_EVENTS: eventsFile },
      logFile,
      stop,
      onOutput: (text) => view.giveWay(() => process.stdout.write(text)),
    });
  } finally {
    stopFollowing();
  }
  const status = end.status ?? exitCodeOfSignal(end.signal ?? "SIGTERM");
  view.finish(status === 0);
  process.stderr.write(formatMetrics(metrics));
  if (end.interruptedBy !== null) {
    process.stderr.write(`stopped; Spark's log is ${logFile}\n`);
    return exitCodeOfSignal(end.interruptedBy);
  }
  if (status !== 0) {
    const description = end.signal === null ? `status ${status}` : `signal ${end.signal}`;
    (onFailure ?? ((text) => process.stderr.write(text)))(formatFailure(failed, logFile, description));
  } else process.stderr.write(`done; Spark's log is ${logFile}\n`);
  return status;
}

// A folder of its own, because others on the machine can write to the temporary folder. It stays after the job.
function chooseLogFile(): string {
  return join(mkdtempSync(join(tmpdir(), "beam2spark-log-")), "spark.log");
}

function standardError(): ProgressOutput {
  return {
    write: (text) => {
      if (text !== "") process.stderr.write(text);
    },
    columns: process.stderr.isTTY ? process.stderr.columns : null,
    now: () => performance.now(),
  };
}
