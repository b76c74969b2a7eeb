import { JobState } from "../beam/protos/types/job.js";
import { createCollector } from "../diagnostics/collector.js";
import type { Result } from "../diagnostics/diagnostic.js";
import type { ClientSdk } from "./client-dialect.js";
import { describeProgram } from "./describe-program.js";
import { changeState, type Job, sendMessage } from "./job.js";
import type { JobHandler } from "./job-service.js";
import type { Program } from "./program.js";
import { reportNothing } from "./report-nothing.js";
import { submitProgram } from "./submit-program.js";
import { type CapturedPipeline, nameCapture, writeCapture } from "./write-capture.js";

/** How a pipeline's run has ended. */
export interface PipelineRun {
  readonly status: number;
  /** Why it failed; empty when it didn't. */
  readonly failure: string;
  /** The user's metrics, each a `MonitoringInfo` as bytes. */
  readonly metrics?: readonly Uint8Array[];
}

/** A program whose pipelines are run while it waits for them. */
export interface RunProgramRequest {
  readonly program: Program;
  readonly sdk: ClientSdk;
  /** The file of the first pipeline; further ones and the other files are named after it. */
  readonly output: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs the `number`-th pipeline to its end, or until the signal is aborted. */
  readonly runPipeline: (
    files: CapturedPipeline,
    number: number,
    signal: AbortSignal,
  ) => Promise<PipelineRun>;
}

/** What has come of a program and its pipelines. */
export interface ProgramRun {
  /** In the order in which they were run. */
  readonly runs: readonly PipelineRun[];
  /** The program's own status; null when a signal ended it. */
  readonly status: number | null;
  readonly interruptedBy: NodeJS.Signals | null;
  /** The end of what it wrote to its standard error. */
  readonly errorTail: string;
}

/**
 * Runs a Beam program, unchanged, and each of its pipelines when the program runs it: one that reads what its
 * pipeline has written finds it, and of several pipelines each finds the results of those before.
 *
 * Errors: `capture/…` diagnostics where the program hands over no pipeline.
 */
export function runProgramPipelines(request: RunProgramRequest): Promise<Result<ProgramRun>> {
  const runs: PipelineRun[] = [];
  const running = new Map<string, AbortController>();
  // Pipelines that a program runs at the same time take turns: each of them has the whole master.
  let turn: Promise<void> = Promise.resolve();
  const run = async (job: Job, number: number, artifactFolder: string): Promise<void> => {
    const { signal } = running.get(job.id) ?? new AbortController();
    const files = nameCapture(request.output, number);
    let ended: PipelineRun;
    try {
      signal.throwIfAborted();
      await writeCapture(job, artifactFolder, files);
      changeState(job, JobState.RUNNING);
      ended = await request.runPipeline(files, number, signal);
    } catch (error) {
      ended = { status: 1, failure: (error as Error).message };
    }
    runs.push(ended);
    job.metrics.push(...(ended.metrics ?? []));
    if (ended.failure !== "") sendMessage(job, ended.failure, "error");
    const failed = signal.aborted ? JobState.CANCELLED : JobState.FAILED;
    changeState(job, ended.status === 0 ? JobState.DONE : failed);
  };
  const createHandler = (artifactFolder: () => string): JobHandler => ({
    prepare: () => {},
    run: (job) => {
      running.set(job.id, new AbortController());
      const number = running.size;
      changeState(job, JobState.STARTING);
      turn = turn.then(() => run(job, number, artifactFolder()));
    },
    cancel: (job) => {
      changeState(job, JobState.CANCELLING);
      running.get(job.id)?.abort(new Error("the program cancelled the job"));
    },
  });
  return submitProgram({ ...request, createHandler }, async ({ end, server }) => {
    const { interruptedBy, status, errorTail } = end;
    if (interruptedBy !== null) {
      for (const controller of running.values()) controller.abort(new Error("the program was interrupted"));
    }
    // A program need not wait for its pipelines.
    await turn;
    const collector = createCollector();
    const place = { path: describeProgram(request.program, process.cwd()).title };
    for (const reason of [...server.jobs.values()].flatMap((job) => job.refusals)) {
      collector.report("capture/artifact-refused", place, { reason });
    }
    if (server.jobs.size === 0 && interruptedBy === null) reportNothing(end, request, place, collector);
    return collector.finish(() => ({ runs, status, interruptedBy, errorTail }));
  });
}
