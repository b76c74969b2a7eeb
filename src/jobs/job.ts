import { randomUUID } from "node:crypto";
import { JobState } from "../beam/protos/types/job.js";
import type { EnvironmentArtifacts } from "./environment-artifacts.js";
import { createJobEvents, importances, type JobEvents, type StateEvent } from "./job-events.js";
import type { StagedArtifact } from "./staged-artifact.js";

const terminalStates: ReadonlySet<JobState> = new Set([
  JobState.DONE,
  JobState.FAILED,
  JobState.CANCELLED,
  JobState.DRAINED,
]);

/** Whether a job in this state has ended. */
export function isTerminal(state: JobState): boolean {
  return terminalStates.has(state);
}

/** A prepared pipeline and what has become of it. The preparation's id is the job's. */
export interface Job {
  readonly id: string;
  readonly stagingToken: string;
  readonly name: string;
  readonly pipeline: Uint8Array;
  readonly options: Readonly<Record<string, unknown>>;
  readonly environments: readonly EnvironmentArtifacts[];
  readonly artifacts: StagedArtifact[];
  /** The SHA-256 of each file that was staged for it, noted before the file has its name. */
  readonly files: Set<string>;
  /** Why artifacts of this job were not taken. */
  readonly refusals: string[];
  readonly events: JobEvents;
  /** The job's metrics at its end, each a `MonitoringInfo` as bytes. */
  readonly metrics: Uint8Array[];
}

/** What a client hands over in Prepare. */
export type PreparedPipeline = Pick<Job, "name" | "pipeline" | "options" | "environments">;

/** A new job in state STOPPED. Its id and staging token can't be guessed: anything on the machine can dial us. */
export function createJob(prepared: PreparedPipeline): Job {
  return {
    ...prepared,
    id: randomUUID(),
    stagingToken: randomUUID(),
    artifacts: [],
    files: new Set(),
    refusals: [],
    events: createJobEvents(),
    metrics: [],
  };
}

/** The state that a job is in. */
export function currentState(job: Job): StateEvent {
  return job.events.current;
}

/** Moves a job to another state, unless it is in it or has ended. */
export function changeState(job: Job, state: JobState): void {
  const current = currentState(job).state;
  if (!isTerminal(current) && current !== state) job.events.state(state);
}

/** Says something to the job's user, unless the job has ended. */
export function sendMessage(job: Job, text: string, importance: keyof typeof importances = "basic"): void {
  if (!isTerminal(currentState(job).state)) job.events.message(text, importances[importance]);
}
