import { type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft, Message } from "../beam/protos/message-type.js";
import type { Timestamp } from "../beam/protos/types/google.js";
import type * as api from "../beam/protos/types/job.js";
import { JobState } from "../beam/protos/types/job.js";
import { describedOptions } from "./described-options.js";
import { changeState, createJob, currentState, isTerminal, type Job, type JobEvent } from "./job.js";
import { readPrepareRequest } from "./prepare-request.js";

interface UnaryCall<Request> {
  readonly request: Request;
}

interface ServerStream<Request> extends UnaryCall<Request> {
  write(message: object): boolean;
  end(): void;
  emit(event: "error", error: object): boolean;
  on(event: "close" | "cancelled", listener: () => void): unknown;
}

interface JobRequest {
  readonly jobId: string;
}

/** What the Job service needs around it. */
export interface JobServiceContext {
  /** All jobs by id, in the order in which they came. */
  readonly jobs: Map<string, Job>;
  /** `host:port` of the artifact staging service. */
  readonly artifactEndpoint: () => string;
  /** Runs a job whose artifacts have arrived: moves it from state to state until it has ended. */
  readonly runJob: (job: Job) => void;
}

/**
 * Beam's Job service (`JobService` of the Job API) over the jobs of a context.
 *
 * The Python client asks for the state stream with the preparation's id before it calls Run, and reads one event at
 * once; the Go client judges a job by its message stream alone. So a job has one id from the beginning, streams
 * start with the current state, and both carry the states.
 */
export function createJobService(context: JobServiceContext): UntypedServiceImplementation {
  const answer =
    <Request, Response extends Message>(respond: (request: Request) => Draft<Response>) =>
    (call: UnaryCall<Request>, callback: sendUnaryData<object>): void => {
      try {
        callback(null, respond(call.request));
      } catch (error) {
        callback(toStatus(error));
      }
    };
  const find = (id: string): Job => {
    const job = context.jobs.get(id);
    if (job === undefined) throw new RequestError(status.NOT_FOUND, `there is no job ${id}`);
    return job;
  };
  const end = (id: string, state: JobState): { readonly state: JobState } => {
    const job = find(id);
    changeState(job, state);
    return { state: currentState(job).state };
  };
  return {
    DescribePipelineOptions: answer<api.DescribePipelineOptionsRequest, api.DescribePipelineOptionsResponse>(
      () => ({ options: describedOptions }),
    ),
    Prepare: answer<Buffer, api.PrepareJobResponse>((bytes) => prepare(bytes, context)),
    Run: answer<api.RunJobRequest, api.RunJobResponse>(({ preparationId }) => {
      const job = find(preparationId);
      if (currentState(job).state !== JobState.STOPPED) {
        throw new RequestError(status.FAILED_PRECONDITION, `job ${job.id} was run already`);
      }
      context.runJob(job);
      return { jobId: job.id };
    }),
    GetJobs: answer<api.GetJobsRequest, api.GetJobsResponse>(() => ({
      jobInfo: [...context.jobs.values()].map((job) => ({
        jobId: job.id,
        jobName: job.name,
        state: currentState(job).state,
      })),
    })),
    GetState: answer<JobRequest, api.JobStateEvent>(({ jobId }) => toStateEvent(currentState(find(jobId)))),
    GetPipeline: answer<JobRequest, api.GetJobPipelineResponse>(({ jobId }) => ({
      pipeline: find(jobId).pipeline,
    })),
    Cancel: answer<JobRequest, api.CancelJobResponse>(({ jobId }) => end(jobId, JobState.CANCELLED)),
    Drain: answer<JobRequest, api.DrainJobResponse>(({ jobId }) => end(jobId, JobState.DRAINED)),
    // The Go client reads the metrics without asking whether there are any.
    GetJobMetrics: answer<JobRequest, api.GetJobMetricsResponse>(({ jobId }) => {
      find(jobId);
      return { metrics: { attempted: [], committed: [] } };
    }),
    GetStateStream: (call: ServerStream<JobRequest>) =>
      stream(
        call,
        find,
        (job) => [currentState(job)],
        (event) => (event.kind === "state" ? toStateEvent(event) : null),
      ),
    GetMessageStream: (call: ServerStream<JobRequest>) =>
      stream(call, find, (job) => job.events, toMessageResponse),
  };
}

class RequestError extends Error {
  readonly code: status;
  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

function toStatus(error: unknown): { code: status; details: string } {
  const code = error instanceof RequestError ? error.code : status.INVALID_ARGUMENT;
  return { code, details: error instanceof Error ? error.message : String(error) };
}

function prepare(bytes: Buffer, context: JobServiceContext): Draft<api.PrepareJobResponse> {
  const job = createJob(readPrepareRequest(bytes));
  context.jobs.set(job.id, job);
  return {
    preparationId: job.id,
    artifactStagingEndpoint: { url: context.artifactEndpoint() },
    stagingSessionToken: job.stagingToken,
  };
}

function stream(
  call: ServerStream<JobRequest>,
  find: (id: string) => Job,
  past: (job: Job) => readonly JobEvent[],
  toMessage: (event: JobEvent) => object | null,
): void {
  let job: Job;
  try {
    job = find(call.request.jobId);
  } catch (error) {
    call.emit("error", toStatus(error));
    return;
  }
  const stop = (): void => {
    job.listeners.delete(listener);
  };
  const listener = (event: JobEvent): void => {
    const message = toMessage(event);
    if (message !== null) call.write(message);
    if (event.kind === "state" && isTerminal(event.state)) {
      stop();
      call.end();
    }
  };
  call.on("close", stop);
  call.on("cancelled", stop);
  job.listeners.add(listener);
  for (const event of [...past(job)]) listener(event);
}

function toTimestamp(at: Date): Draft<Timestamp> {
  const millis = at.getTime();
  return { seconds: BigInt(Math.floor(millis / 1000)), nanos: (millis % 1000) * 1_000_000 };
}

function toStateEvent(event: Extract<JobEvent, { kind: "state" }>): Draft<api.JobStateEvent> {
  return { state: event.state, timestamp: toTimestamp(event.at) };
}

function toMessageResponse(event: JobEvent): Draft<api.JobMessagesResponse> {
  if (event.kind === "state") return { stateResponse: toStateEvent(event) };
  return {
    messageResponse: { importance: event.importance, messageText: event.text, time: event.at.toISOString() },
  };
}
