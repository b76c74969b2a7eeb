import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import type { Message, MessageType } from "../beam/protos/message-type.js";
import * as artifact from "../beam/protos/types/artifact.js";
import * as job from "../beam/protos/types/job.js";

const modelPackage = "org.apache.beam.model.job_management.v1";

interface Codec {
  readonly serialize: (message: object) => Buffer;
  readonly deserialize: (bytes: Buffer) => object;
}

/** `JobService` of job.proto. A request to Prepare comes as its bytes, so that those of its pipeline can be kept. */
export const jobService = defineService("JobService", {
  Prepare: { request: rawBytes(), response: codecOf(job.PrepareJobResponse) },
  Run: { request: codecOf(job.RunJobRequest), response: codecOf(job.RunJobResponse) },
  GetJobs: { request: codecOf(job.GetJobsRequest), response: codecOf(job.GetJobsResponse) },
  GetState: { request: codecOf(job.GetJobStateRequest), response: codecOf(job.JobStateEvent) },
  GetPipeline: { request: codecOf(job.GetJobPipelineRequest), response: codecOf(job.GetJobPipelineResponse) },
  Cancel: { request: codecOf(job.CancelJobRequest), response: codecOf(job.CancelJobResponse) },
  Drain: { request: codecOf(job.DrainJobRequest), response: codecOf(job.DrainJobResponse) },
  GetStateStream: {
    request: codecOf(job.GetJobStateRequest),
    response: codecOf(job.JobStateEvent),
    responseStream: true,
  },
  GetMessageStream: {
    request: codecOf(job.JobMessagesRequest),
    response: codecOf(job.JobMessagesResponse),
    responseStream: true,
  },
  GetJobMetrics: { request: codecOf(job.GetJobMetricsRequest), response: codecOf(job.GetJobMetricsResponse) },
  DescribePipelineOptions: {
    request: codecOf(job.DescribePipelineOptionsRequest),
    response: codecOf(job.DescribePipelineOptionsResponse),
  },
});

/** `ArtifactStagingService` of artifact.proto. */
export const artifactStagingService = defineService("ArtifactStagingService", {
  ReverseArtifactRetrievalService: {
    request: codecOf(artifact.ArtifactResponseWrapper),
    response: codecOf(artifact.ArtifactRequestWrapper),
    requestStream: true,
    responseStream: true,
  },
});

/** `ArtifactRetrievalService` of artifact.proto. */
export const artifactRetrievalService = defineService("ArtifactRetrievalService", {
  ResolveArtifacts: {
    request: codecOf(artifact.ResolveArtifactsRequest),
    response: codecOf(artifact.ResolveArtifactsResponse),
  },
  GetArtifact: {
    request: codecOf(artifact.GetArtifactRequest),
    response: codecOf(artifact.GetArtifactResponse),
    responseStream: true,
  },
});

interface Method {
  readonly request: Codec;
  readonly response: Codec;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

function defineService(name: string, methods: Readonly<Record<string, Method>>): ServiceDefinition {
  const definitions = Object.entries(methods).map(
    ([method, { request, response, requestStream = false, responseStream = false }]) => [
      method,
      {
        path: `/${modelPackage}.${name}/${method}`,
        requestStream,
        responseStream,
        requestSerialize: request.serialize,
        requestDeserialize: request.deserialize,
        responseSerialize: response.serialize,
        responseDeserialize: response.deserialize,
      } satisfies MethodDefinition<object, object>,
    ],
  );
  return Object.fromEntries(definitions);
}

function codecOf<T extends Message>(type: MessageType<T>): Codec {
  return {
    serialize: (message) => asBuffer(type.encode(message as T)),
    deserialize: (bytes) => type.decode(bytes),
  };
}

function rawBytes(): Codec {
  return { serialize: (message) => asBuffer(message as Uint8Array), deserialize: (bytes) => bytes };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
