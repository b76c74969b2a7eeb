import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { JobState } from "../beam/protos/types/job.js";
import { diagnose } from "../diagnostics/diagnose.js";
import { formatDiagnostics } from "../diagnostics/format.js";
import { changeState, currentState, type Job, sendMessage } from "./job.js";
import type { JobHistory } from "./job-history.js";
import type { JobHandler } from "./job-service.js";
import { type JudgeContext, type JudgedPipeline, judgePipeline } from "./judge-pipeline.js";
import { formatRefusal } from "./refusal-text.js";
import { RequestError } from "./request-error.js";
import { type RunContext, runJob } from "./run-job.js";

/** What the jobs of a service need around them. */
export interface JobRunnerContext {
  readonly judge: JudgeContext;
  readonly run: RunContext;
  readonly history: JobHistory;
  /** Where each job that runs gets a folder. */
  readonly folder: string;
  /** Gets lines for the service's own output. */
  readonly report: (text: string) => void;
}

/** What becomes of a service's jobs: refused or judged, run side by side, cancelled. */
export interface JobRunner {
  readonly handler: JobHandler;
  /** Takes no more jobs, and cancels all that runs; resolves when all of it has ended, which takes the drivers' help or their end. */
  cancelAll(): Promise<void>;
}

/** The handler that runs jobs on warm drivers. */
export function createJobRunner({ judge, run, history, folder, report }: JobRunnerContext): JobRunner {
  const judged = new WeakMap<Job, JudgedPipeline>();
  const running = new Map<Job, { readonly cancel: AbortController; readonly end: Promise<void> }>();
  let isClosing = false;
  const refuseWhenClosing = (): void => {
    if (isClosing) throw new RequestError(status.UNAVAILABLE, "the service is being stopped");
  };
  const runToEnd = async (job: Job, pipeline: JudgedPipeline, cancelled: AbortSignal): Promise<void> => {
    const ownFolder = join(folder, job.id);
    const started = performance.now();
    try {
      await mkdir(ownFolder, { recursive: true, mode: 0o700 });
      await runJob(job, pipeline, run, ownFolder, cancelled);
      // What the project has of staged files is theirs once more: it may be large, and nobody runs it again.
      for (const large of ["temporary", join("project", "artifacts")]) {
        await rm(join(ownFolder, large), { recursive: true, force: true });
      }
    } catch (error) {
      // The machine's fault (a full disk, say), and no reason to take the other jobs along.
      sendMessage(job, (error as Error).message, "error");
      changeState(job, JobState.FAILED);
    }
    running.delete(job);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    report(`${job.id}  ${stateName(currentState(job).state)}  ${seconds} s\n`);
    await history.keepFolder(ownFolder);
    history.trim();
  };
  const handler: JobHandler = {
    prepare: async (job) => {
      refuseWhenClosing();
      const result = judgePipeline(job, judge);
      if (!result.ok) {
        report(`a pipeline was not taken:\n${formatDiagnostics(result.diagnostics)}`);
        throw new RequestError(status.INVALID_ARGUMENT, formatRefusal(result.diagnostics));
      }
      judged.set(job, result.value);
      for (const warning of result.warnings) {
        sendMessage(job, formatDiagnostics([warning]).trimEnd(), "warning");
      }
      history.trim();
    },
    run: (job) => {
      refuseWhenClosing();
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
  return {
    handler,
    cancelAll: async () => {
      isClosing = true;
      const all = [...running];
      for (const [job, { cancel }] of all) {
        sendMessage(job, formatDiagnostics([diagnose("serve/stopped", {}, {})]).trimEnd(), "error");
        cancel.abort(new Error("the service is being stopped"));
      }
      await Promise.all(all.map(([, { end }]) => end));
    },
  };
}

function stateName(state: JobState): string {
  return Object.entries(JobState).find(([, number]) => number === state)?.[0] ?? String(state);
}
