import { Server, ServerCredentials } from "@grpc/grpc-js";
import { createArtifactStagingService } from "./artifact-staging.js";
import type { Job } from "./job.js";
import { loadJobApi } from "./job-api.js";
import { createJobService } from "./job-service.js";

/** Most bytes that one message, which is one pipeline, may have. */
const messageLimit = 256 * 2 ** 20;

/** A Job service that listens. */
export interface JobServer {
  /** `host:port` for `--job_endpoint`. */
  readonly endpoint: string;
  /** The jobs in the order in which they were prepared. */
  readonly jobs: ReadonlyMap<string, Job>;
  readonly close: () => void;
}

/**
 * Starts a Job service with artifact staging, on the loopback interface alone.
 *
 * In: the folder for artifacts, and what Run does with a job. Errors: those of listening.
 */
export async function startJobServer(options: {
  readonly artifactFolder: string;
  readonly runJob: (job: Job) => void;
}): Promise<JobServer> {
  const api = loadJobApi();
  const jobs = new Map<string, Job>();
  let endpoint = "";
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  server.addService(
    api.jobService,
    createJobService({ api, jobs, artifactEndpoint: () => endpoint, runJob: options.runJob }),
  );
  server.addService(
    api.artifactStagingService,
    createArtifactStagingService({ api, jobs, folder: options.artifactFolder }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  endpoint = `127.0.0.1:${port}`;
  return { endpoint, jobs, close: () => server.forceShutdown() };
}
