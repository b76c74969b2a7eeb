import { type sendUnaryData, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { Draft, Message } from "../beam/protos/message-type.js";
import type * as api from "../beam/protos/types/job.js";
import { JobState } from "../beam/protos/types/job.js";
import { describedOptions } from "./described-options.js";
import { changeState, createJob, currentState, isTerminal, type Job } from "./job.js";
import {
  type EventStream,
  streamEvents,
  toGapResponse,
  toMessageResponse,
  toStateEvent,
} from "./job-stream.js";
import { readPrepareRequest } from "./prepare-request.js";
import { RequestError, toStatus } from "./request-error.js";

interface UnaryCall<Request> {
  readonly request: Request;
}

interface ServerStream<Request> extends UnaryCall<Request>, EventStream {
  emit(event: "error", error: object): boolean;
}

interface JobRequest {
  readonly jobId: string;
}

/** What becomes of jobs. */
export interface JobHandler {
  /** Judges a pipeline that was handed over. Throws a RequestError to refuse it; else it may send messages. */
  prepare(job: Job): void | Promise<void>;
  /** Runs a job whose artifacts have arrived: moves it from state to state until it has ended. */
  run(job: Job): void;
  /** Stops a job that is neither STOPPED nor at its end: moves it to CANCELLING, and later to its end. */
  cancel(job: Job): void;
}

/** What the Job service needs around it. */
export interface JobServiceContext {
  /** All jobs by id, in the order in which they came. */
  readonly jobs: Map<string, Job>;
  /** `host:port` of the artifact staging service. */
  readonly artifactEndpoint: () => string;
  readonly handler: JobHandler;
}

/**
 * Beam's Job service (`JobService` of the Job API) over the jobs of a context.
 *
 * The Python client asks for the state stream with the preparation's id before it calls Run, and reads one event at
 * once; the Go client judges a job by its message stream alone. So a job has one id from the beginning, streams
 * start with the current state, and both carry the states.
 */
export function createJobService(context: JobServiceContext): UntypedServiceImplementation {
  const find = (id: string): Job => {
    const job = context.jobs.get(id);
    if (job === undefined) throw new RequestError(status.NOT_FOUND, `there is no job ${id}`);
    return job;
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
      context.handler.run(job);
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
    Cancel: answer<JobRequest, api.CancelJobResponse>(({ jobId }) => {
      const job = find(jobId);
      const { state } = currentState(job);
      if (state === JobState.STOPPED) changeState(job, JobState.CANCELLED);
      else if (!isTerminal(state)) context.handler.cancel(job);
      return { state: currentState(job).state };
    }),
    // Draining means to take no more input and to finish what was taken. A batch job's input is all there from the
    // beginning: what could be meant is to wait for its end, or to cancel it, and the client is to say which.
    Drain: answer<JobRequest, api.DrainJobResponse>(({ jobId }) => {
      const { state } = currentState(find(jobId));
      const why = isTerminal(state) ? "it has ended" : "a batch job's input ends by itself";
      throw new RequestError(
        status.FAILED_PRECONDITION,
        `job ${jobId} can't be drained: ${why}; cancel stops a job`,
      );
    }),
    // The Go client reads the metrics without asking whether there are any.
    GetJobMetrics: answer<JobRequest, api.GetJobMetricsResponse>(({ jobId }) => {
      const { metrics } = find(jobId);
      return { metrics: { attempted: metrics, committed: metrics } };
    }),
    GetStateStream: answerWithStream((job, call) => {
      const toMessage = (event: Parameters<typeof toMessageResponse>[0]): object | null =>
        event.kind === "state" ? toStateEvent(event) : null;
      streamEvents(job, call, currentState(job).number, toMessage, () => null);
    }, find),
    GetMessageStream: answerWithStream(
      (job, call) => streamEvents(job, call, 0, toMessageResponse, toGapResponse),
      find,
    ),
  };
}

function answer<Request, Response extends Message>(
  respond: (request: Request) => Draft<Response> | Promise<Draft<Response>>,
): (call: UnaryCall<Request>, callback: sendUnaryData<object>) => void {
  return async (call, callback) => {
    let response: Draft<Response>;
    try {
      response = await respond(call.request);
    } catch (error) {
      callback(toStatus(error));
      return;
    }
    callback(null, response);
  };
}

function answerWithStream(
  respond: (job: Job, call: EventStream) => void,
  find: (id: string) => Job,
): (call: ServerStream<JobRequest>) => void {
  return (call) => {
    try {
      respond(find(call.request.jobId), call);
    } catch (error) {
      call.emit("error", toStatus(error));
    }
  };
}

async function prepare(
  bytes: Buffer,
  { jobs, handler, artifactEndpoint }: JobServiceContext,
): Promise<Draft<api.PrepareJobResponse>> {
  const job = createJob(readPrepareRequest(bytes));
  await handler.prepare(job);
  jobs.set(job.id, job);
  return {
    preparationId: job.id,
    artifactStagingEndpoint: { url: artifactEndpoint() },
    stagingSessionToken: job.stagingToken,
  };
}
