import { JobState } from "../beam/protos/types/job.js";
import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { ClientSdk } from "./client-dialect.js";
import { describeProgram } from "./describe-program.js";
import { changeState, currentState, type Job, sendMessage } from "./job.js";
import type { JobHandler } from "./job-service.js";
import type { Program, ProgramEnd } from "./program.js";
import { describeEnd, reportNothing } from "./report-nothing.js";
import { submitProgram } from "./submit-program.js";
import { type CapturedPipeline, nameCapture, writeCapture } from "./write-capture.js";

/** What to capture, and where to. */
export interface CaptureRequest {
  readonly program: Program;
  readonly sdk: ClientSdk;
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
 * The program is unchanged: its SDK's options for the runner are appended to its arguments, where the last one wins.
 * Out: the files written, with warnings. Errors: `capture/…` diagnostics.
 */
export function captureProgram(request: CaptureRequest): Promise<Result<Capture>> {
  return submitProgram({ ...request, createHandler: () => capturingHandler }, async ({ end, server }) => {
    if (end.interruptedBy !== null) {
      return { ok: true, value: { pipelines: [], interruptedBy: end.interruptedBy }, warnings: [] };
    }
    const jobs = [...server.jobs.values()];
    const accepted = jobs.filter((job) => currentState(job).state === JobState.DONE);
    const refusals = jobs.flatMap((job) => job.refusals);
    return await writeAll(accepted, refusals, server.artifactFolder, request, end);
  });
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

async function writeAll(
  jobs: readonly Job[],
  refusals: readonly string[],
  stagingFolder: string,
  request: CaptureRequest,
  end: ProgramEnd,
): Promise<Result<Capture>> {
  const { program, output } = request;
  const collector = createCollector();
  const place = { path: describeProgram(program, process.cwd()).title };
  const pipelines = jobs.map((_, index) => nameCapture(output, index + 1));
  for (const reason of refusals) collector.report("capture/artifact-refused", place, { reason });
  if (collector.failed) return collector.finish(() => ({ pipelines: [], interruptedBy: null }));
  if (jobs.length === 0) reportNothing(end, request, place, collector);
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
