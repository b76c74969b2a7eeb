// Made from proto/beam/job.proto by test/protos/types.test.ts; run it with -u after a change there.

import { type Message, type MessageType, messageType } from "../message-type.js";
import type { ApiServiceDescriptor } from "./endpoints.js";
import type { Struct, Timestamp } from "./google.js";
import type { MonitoringInfo } from "./metrics.js";
import type { Pipeline } from "./pipeline.js";

export interface PrepareJobRequest extends Message {
  readonly pipeline: Pipeline | undefined;
  readonly pipelineOptions: Struct | undefined;
  readonly jobName: string;
}

export const PrepareJobRequest: MessageType<PrepareJobRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.PrepareJobRequest",
);

/** Where the pipeline's artifacts are to be sent, and the token that says whose they are. */
export interface PrepareJobResponse extends Message {
  readonly preparationId: string;
  readonly artifactStagingEndpoint: ApiServiceDescriptor | undefined;
  readonly stagingSessionToken: string;
}

export const PrepareJobResponse: MessageType<PrepareJobResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.PrepareJobResponse",
);

export interface RunJobRequest extends Message {
  readonly preparationId: string;
  readonly retrievalToken: string;
}

export const RunJobRequest: MessageType<RunJobRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.RunJobRequest",
);

export interface RunJobResponse extends Message {
  readonly jobId: string;
}

export const RunJobResponse: MessageType<RunJobResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.RunJobResponse",
);

export interface CancelJobRequest extends Message {
  readonly jobId: string;
}

export const CancelJobRequest: MessageType<CancelJobRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.CancelJobRequest",
);

export interface CancelJobResponse extends Message {
  readonly state: JobState;
}

export const CancelJobResponse: MessageType<CancelJobResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.CancelJobResponse",
);

export interface DrainJobRequest extends Message {
  readonly jobId: string;
}

export const DrainJobRequest: MessageType<DrainJobRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.DrainJobRequest",
);

export interface DrainJobResponse extends Message {
  readonly state: JobState;
}

export const DrainJobResponse: MessageType<DrainJobResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.DrainJobResponse",
);

export interface JobInfo extends Message {
  readonly jobId: string;
  readonly jobName: string;
  readonly pipelineOptions: Struct | undefined;
  readonly state: JobState;
}

export const JobInfo: MessageType<JobInfo> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.JobInfo",
);

export interface GetJobsRequest extends Message {}

export const GetJobsRequest: MessageType<GetJobsRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobsRequest",
);

export interface GetJobsResponse extends Message {
  readonly jobInfo: readonly JobInfo[];
}

export const GetJobsResponse: MessageType<GetJobsResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobsResponse",
);

export interface GetJobStateRequest extends Message {
  readonly jobId: string;
}

export const GetJobStateRequest: MessageType<GetJobStateRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobStateRequest",
);

export interface JobStateEvent extends Message {
  readonly state: JobState;
  readonly timestamp: Timestamp | undefined;
}

export const JobStateEvent: MessageType<JobStateEvent> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.JobStateEvent",
);

export interface GetJobPipelineRequest extends Message {
  readonly jobId: string;
}

export const GetJobPipelineRequest: MessageType<GetJobPipelineRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobPipelineRequest",
);

export interface GetJobPipelineResponse extends Message {
  readonly pipeline: Pipeline | undefined;
}

export const GetJobPipelineResponse: MessageType<GetJobPipelineResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobPipelineResponse",
);

export interface JobMessagesRequest extends Message {
  readonly jobId: string;
}

export const JobMessagesRequest: MessageType<JobMessagesRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.JobMessagesRequest",
);

export interface JobMessage extends Message {
  readonly messageId: string;
  readonly time: string;
  readonly importance: JobMessageMessageImportance;
  readonly messageText: string;
}

export const JobMessage: MessageType<JobMessage> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.JobMessage",
);

export const JobMessageMessageImportance = {
  MESSAGE_IMPORTANCE_UNSPECIFIED: 0,
  JOB_MESSAGE_DEBUG: 1,
  JOB_MESSAGE_DETAILED: 2,
  JOB_MESSAGE_BASIC: 3,
  JOB_MESSAGE_WARNING: 4,
  JOB_MESSAGE_ERROR: 5,
} as const;
/** A number of JobMessageMessageImportance, or one that a later version of the model adds. */
export type JobMessageMessageImportance = number;

/** Either a message for the user or a change of the job's state. */
export interface JobMessagesResponse extends Message {
  /** One of `response`. */
  readonly messageResponse: JobMessage | undefined;
  /** One of `response`. */
  readonly stateResponse: JobStateEvent | undefined;
}

export const JobMessagesResponse: MessageType<JobMessagesResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.JobMessagesResponse",
);

/** DONE, FAILED, CANCELLED, UPDATED and DRAINED are final. */
export const JobState = {
  UNSPECIFIED: 0,
  STOPPED: 1,
  RUNNING: 2,
  DONE: 3,
  FAILED: 4,
  CANCELLED: 5,
  UPDATED: 6,
  DRAINING: 7,
  DRAINED: 8,
  STARTING: 9,
  CANCELLING: 10,
  UPDATING: 11,
} as const;
/** A number of JobState, or one that a later version of the model adds. */
export type JobState = number;

export interface GetJobMetricsRequest extends Message {
  readonly jobId: string;
}

export const GetJobMetricsRequest: MessageType<GetJobMetricsRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobMetricsRequest",
);

export interface GetJobMetricsResponse extends Message {
  readonly metrics: MetricResults | undefined;
}

export const GetJobMetricsResponse: MessageType<GetJobMetricsResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.GetJobMetricsResponse",
);

/** Measured values of everything that was tried, and of what was committed alone. */
export interface MetricResults extends Message {
  readonly attempted: readonly MonitoringInfo[];
  readonly committed: readonly MonitoringInfo[];
}

export const MetricResults: MessageType<MetricResults> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.MetricResults",
);

export interface DescribePipelineOptionsRequest extends Message {}

export const DescribePipelineOptionsRequest: MessageType<DescribePipelineOptionsRequest> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.DescribePipelineOptionsRequest",
);

/** JSON's types. */
export const PipelineOptionType = {
  STRING: 0,
  BOOLEAN: 1,
  INTEGER: 2,
  NUMBER: 3,
  ARRAY: 4,
  OBJECT: 5,
} as const;
/** A number of PipelineOptionType, or one that a later version of the model adds. */
export type PipelineOptionType = number;

/** An option of the runner that clients should accept on their command line. */
export interface PipelineOptionDescriptor extends Message {
  readonly name: string;
  readonly type: PipelineOptionType;
  readonly description: string;
  readonly defaultValue: string;
  readonly group: string;
}

export const PipelineOptionDescriptor: MessageType<PipelineOptionDescriptor> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.PipelineOptionDescriptor",
);

export interface DescribePipelineOptionsResponse extends Message {
  readonly options: readonly PipelineOptionDescriptor[];
}

export const DescribePipelineOptionsResponse: MessageType<DescribePipelineOptionsResponse> = messageType(
  "job.proto",
  "org.apache.beam.model.job_management.v1.DescribePipelineOptionsResponse",
);
