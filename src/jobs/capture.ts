import { JobState } from "../beam/protos/types/job.js";
import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import { makeTemporaryFolder } from "../machine/temporary-folder.js";
import { describeProgram } from "./describe-program.js";
import { changeState, currentState, type Job, sendMessage } from "./job.js";
import { type JobServer, startJobServer } from "./job-server.js";
import type { JobHandler } from "./job-service.js";
import { type Program, type ProgramEnd, runProgram } from "./program.js";
import { type CapturedPipeline, nameCapture, writeCapture } from "./write-capture.js";

/** What to capture, and where to. */
export interface CaptureRequest {
  readonly program: Program;
  /** The pipeline's file; further pipelines and the other files are named after it. */
  readonly output: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What a program handed over; `interruptedBy` says that the user stopped it, then nothing was written. */
export interface Capture {
  readonly pipelines: readonly CapturedPipeline[];
  readonly interruptedBy: NodeJS.Signals | null;
}

/**
 * Runs a Beam program against a Job service of our own that takes its pipelines and runs nothing.
 *
 * The program is unchanged: `--runner` and `--job_endpoint` are appended to its arguments, where the last one wins.
 * Out: the files written, with warnings. Errors: `capture/…` diagnostics.
 */
export async function captureProgram(request: CaptureRequest): Promise<Result<Capture>> {
  const folder = makeTemporaryFolder("beam2spark-capture-");
  let server: JobServer | undefined;
  try {
    server = await startJobServer({ folder: folder.path, handler: capturingHandler });
    const added = ["--runner=PortableRunner", `--job_endpoint=${server.endpoint}`];
    const program = { ...request.program, arguments: [...request.program.arguments, ...added] };
    const end = await runProgram(program, withoutProxy(request.environment));
    if (end.interruptedBy !== null) {
      return { ok: true, value: { pipelines: [], interruptedBy: end.interruptedBy }, warnings: [] };
    }
    const jobs = [...server.jobs.values()];
    const accepted = jobs.filter((job) => currentState(job).state === JobState.DONE);
    const refusals = jobs.flatMap((job) => job.refusals);
    return await writeAll(accepted, refusals, server.artifactFolder, request, end);
  } finally {
    await server?.close();
    folder.remove();
  }
}

const capturingHandler: JobHandler = {
  prepare: () => {},
  run: acceptJob,
  cancel: (job) => changeState(job, JobState.CANCELLED),
};

function acceptJob(job: Job): void {
  changeState(job, JobState.STARTING);
  changeState(job, JobState.RUNNING);
  sendMessage(job, "beam2spark has taken the pipeline; nothing was run");
  changeState(job, JobState.DONE);
}

// A proxy would be asked for our loopback address too.
function withoutProxy(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const add = (list: string | undefined): string =>
    [list, "localhost", "127.0.0.1"].filter(Boolean).join(",");
  return { ...environment, no_proxy: add(environment.no_proxy), NO_PROXY: add(environment.NO_PROXY) };
}

async function writeAll(
  jobs: readonly Job[],
  refusals: readonly string[],
  stagingFolder: string,
  { program, output }: CaptureRequest,
  end: ProgramEnd,
): Promise<Result<Capture>> {
  const collector = createCollector();
  const place = { path: describeProgram(program, process.cwd()).title };
  const pipelines = jobs.map((_, index) => nameCapture(output, index + 1));
  for (const reason of refusals) collector.report("capture/artifact-refused", place, { reason });
  if (collector.failed) return collector.finish(() => ({ pipelines: [], interruptedBy: null }));
  if (jobs.length === 0) reportNothing(end, program, place, collector.report);
  else if (end.status !== 0) {
    collector.report("capture/program-failed-afterwards", place, { status: describeEnd(end) });
  }
  try {
    for (const [index, job] of jobs.entries()) {
      await writeCapture(job, stagingFolder, nameCapture(output, index + 1));
    }
  } catch (error) {
    collector.report("capture/output-unwritable", { path: output }, { reason: (error as Error).message });
  }
  if (jobs.length > 1) {
    collector.report("capture/several-pipelines", place, { files: pipelines.map((files) => files.pipeline) });
  }
  return collector.finish(() => ({ pipelines, interruptedBy: null }));
}

type Report = ReturnType<typeof createCollector>["report"];

function reportNothing(end: ProgramEnd, program: Program, place: { path: string }, report: Report): void {
  const refused = /unrecognized arguments: (.*)/.exec(end.errorTail)?.[1];
  if (end.startError !== null) {
    report("capture/program-not-found", place, { program: program.executable, reason: end.startError });
  } else if (end.status !== 0 && refused?.includes("--job_endpoint")) {
    report("capture/arguments-refused", place, { arguments: refused });
  } else if (/No module named '?apache_beam'?$/m.test(end.errorTail)) {
    report("capture/package-missing", place, {});
  } else if (end.status !== 0) {
    report("capture/program-failed", place, { status: describeEnd(end) });
  } else {
    report("capture/no-pipeline", place, {});
  }
}

function describeEnd({ status, signal }: ProgramEnd): string {
  return signal === null ? `status ${status}` : `signal ${signal}`;
}
