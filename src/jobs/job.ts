import { randomUUID } from "node:crypto";
import { JobMessageMessageImportance, JobState } from "../beam/protos/types/job.js";
import type { EnvironmentArtifacts } from "./environment-artifacts.js";
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

/** What a job says while it lives: a change of its state, or a message for its user. */
export type JobEvent =
  | { readonly kind: "state"; readonly state: JobState; readonly at: Date }
  | { readonly kind: "message"; readonly text: string; readonly importance: number; readonly at: Date };

/** A prepared pipeline and what has become of it. The preparation's id is the job's. */
export interface Job {
  readonly id: string;
  readonly stagingToken: string;
  readonly name: string;
  readonly pipeline: Uint8Array;
  readonly options: Readonly<Record<string, unknown>>;
  readonly environments: readonly EnvironmentArtifacts[];
  readonly artifacts: StagedArtifact[];
  /** Why artifacts of this job were not taken. */
  readonly refusals: string[];
  readonly events: JobEvent[];
  readonly listeners: Set<(event: JobEvent) => void>;
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
    refusals: [],
    events: [{ kind: "state", state: JobState.STOPPED, at: new Date() }],
    listeners: new Set(),
  };
}

/** The state that a job is in. */
export function currentState(job: Job): Extract<JobEvent, { kind: "state" }> {
  const last = job.events.findLast((event) => event.kind === "state");
  if (last === undefined) throw new Error(`job ${job.id} has no state`);
  return last;
}

/** Moves a job to another state, unless it has ended. */
export function changeState(job: Job, state: JobState): void {
  if (!isTerminal(currentState(job).state)) publish(job, { kind: "state", state, at: new Date() });
}

/** Says something to the job's user. */
export function sendMessage(job: Job, text: string): void {
  publish(job, {
    kind: "message",
    text,
    importance: JobMessageMessageImportance.JOB_MESSAGE_BASIC,
    at: new Date(),
  });
}

function publish(job: Job, event: JobEvent): void {
  job.events.push(event);
  for (const listener of job.listeners) listener(event);
}
