import * as artifact from "../beam/protos/types/artifact.js";
import * as job from "../beam/protos/types/job.js";
import { codecOf, defineService, rawBytes } from "../rpc/define-service.js";

const modelPackage = "org.apache.beam.model.job_management.v1";

/** `JobService` of job.proto. A request to Prepare comes as its bytes, so that those of its pipeline can be kept. */
export const jobService = defineService(`${modelPackage}.JobService`, {
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
export const artifactStagingService = defineService(`${modelPackage}.ArtifactStagingService`, {
  ReverseArtifactRetrievalService: {
    request: codecOf(artifact.ArtifactResponseWrapper),
    response: codecOf(artifact.ArtifactRequestWrapper),
    requestStream: true,
    responseStream: true,
  },
});
